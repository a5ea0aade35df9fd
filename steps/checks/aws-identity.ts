import { EksDrError } from '../kit/errors.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** There are AWS credentials, and they belong to the account of the target. */
export const awsIdentity: Check = {
  id: 'aws-identity',
  title: 'AWS credentials of the right account',
  run({ estate, run, clients }) {
    return findings('sts:GetCallerIdentity', async () => {
      const target = estate.targets[run.target];
      if (target === undefined)
        throw new EksDrError('input-invalid', { message: `The estate has no target ${run.target}.`, target: run.target });
      const sts = await clients.sts(target.region);
      const { Account, Arn } = await sts.getCallerIdentity({});
      if (Account === target.accountId) return [];
      return [
        {
          severity: 'blocker',
          message: `The AWS credentials are of account ${Account}, but the target ${run.target} lies in ${target.accountId}.`,
          evidence: `sts:GetCallerIdentity in ${target.region} answers ${Arn}`,
          remedy: `Use credentials of account ${target.accountId}, or correct targets.${run.target}.accountId in the estate.`,
        },
      ];
    });
  },
};
