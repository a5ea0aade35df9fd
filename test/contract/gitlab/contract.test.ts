import { describeContract } from '../describe-contract.ts';
import { gitlab } from './contract.ts';

describeContract(gitlab);
