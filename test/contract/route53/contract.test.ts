import { describeContract } from '../describe-contract.ts';
import { route53 } from './contract.ts';

describeContract(route53);
