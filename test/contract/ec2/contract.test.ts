import { describeContract } from '../describe-contract.ts';
import { ec2 } from './contract.ts';

describeContract(ec2);
