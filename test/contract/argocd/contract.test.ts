import { describeContract } from '../describe-contract.ts';
import { argocd } from './contract.ts';

describeContract(argocd);
