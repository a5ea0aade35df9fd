import { describeContract } from '../describe-contract.ts';
import { kubernetes } from './contract.ts';

describeContract(kubernetes);
