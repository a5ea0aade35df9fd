import { describeContract } from '../describe-contract.ts';
import { eksLogin } from './contract.ts';

describeContract(eksLogin);
