import { EksDrError } from '../kit/errors.ts';
import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** There are AWS credentials, and they belong to the account of the target, and of the primary. */
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
      const evidence = `sts:GetCallerIdentity in ${target.region} answers ${Arn}`;
      const wrongTarget: Finding = {
        severity: 'blocker',
        message: `The AWS credentials are of account ${Account}, but the target ${run.target} lies in ${target.accountId}.`,
        evidence,
        remedy: `Use credentials of account ${target.accountId}, or correct targets.${run.target}.accountId in the estate.`,
      };
      // The new cluster can be made all the same; what is read of the primary is not the primary's.
      const wrongPrimary: Finding = {
        severity: 'warning',
        message: `The AWS credentials are of account ${Account}, but the primary lies in ${estate.primary.accountId}: they can't show its cluster and load balancers.`,
        evidence,
        remedy: 'Name an archived inventory (inventory.lastGood), or correct primary.accountId in the estate.',
      };
      return [...(Account === target.accountId ? [] : [wrongTarget]), ...(Account === estate.primary.accountId ? [] : [wrongPrimary])];
    });
  },
};
