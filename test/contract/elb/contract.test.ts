import { describeContract } from '../describe-contract.ts';
import { elb } from './contract.ts';

describeContract(elb);
