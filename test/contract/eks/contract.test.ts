import { describeContract } from '../describe-contract.ts';
import { eks } from './contract.ts';

describeContract(eks);
