import { describeContract } from '../describe-contract.ts';
import { iam } from './contract.ts';

describeContract(iam);
