import { describeContract } from '../describe-contract.ts';
import { apiGateway } from './contract.ts';

describeContract(apiGateway);
