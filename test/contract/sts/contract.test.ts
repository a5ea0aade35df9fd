import { describeContract } from '../describe-contract.ts';
import { sts } from './contract.ts';

describeContract(sts);
