import { describeContract } from '../describe-contract.ts';
import { terraform } from './contract.ts';

describe('a program', function () {
  // An assertion runs it up to seven times, each a process of its own.
  this.timeout(180_000);
  describeContract(terraform);
});
