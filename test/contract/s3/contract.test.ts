import { describeContract } from '../describe-contract.ts';
import { s3 } from './contract.ts';

describeContract(s3);
