import { describeContract } from '../describe-contract.ts';
import { driverLaw } from './contract.ts';

describeContract(driverLaw);
