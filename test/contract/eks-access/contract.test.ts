import { describeContract } from '../describe-contract.ts';
import { eksAccess } from './contract.ts';

describeContract(eksAccess);
