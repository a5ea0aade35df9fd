import { describeContract } from '../describe-contract.ts';
import { vault } from './contract.ts';

describeContract(vault);
