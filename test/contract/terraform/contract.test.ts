import { describeContract } from '../describe-contract.ts';
import { terraform } from './contract.ts';

describeContract(terraform);
