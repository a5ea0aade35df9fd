import { describeContract } from '../describe-contract.ts';
import { cloudfront } from './contract.ts';

describeContract(cloudfront);
