import type { Iam } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { asEksDrError } from '../kit/errors.ts';
import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { blockerFrom } from './from-error.ts';

/** Every role that shall reach the new cluster exists: EKS refuses an access entry for one that doesn't. Roles of other accounts are not looked at. */
export const accessRoles: Check = {
  id: 'access-roles',
  title: 'The roles that get access exist',
  async run({ estate, run, clients }) {
    const account = estate.targets[run.target]?.accountId;
    const listed = [...estate.access.entries.map(({ principalArn }) => principalArn), estate.argocd.roleArn];
    const own = [...new Set(listed)].filter((arn) => arn.split(':')[4] === account);
    const iam = await clients.iam();
    return (await Promise.all(own.map((arn) => look(iam, arn)))).flat();
  },
};

async function look(iam: Iam, arn: string): Promise<readonly Finding[]> {
  const name = arn.split('/').at(-1) ?? '';
  try {
    const found = await unlessMissing(iam.getRole({ RoleName: name }), 'NoSuchEntityException', 'NoSuchEntity');
    if (found?.Role?.Arn === arn) return [];
    return [
      {
        severity: 'blocker',
        message: `The IAM role ${arn} does not exist, but shall get access to the new cluster.`,
        evidence:
          found?.Role?.Arn === undefined ? `iam:GetRole ${name}: no such role` : `iam:GetRole ${name}: its ARN is ${found.Role.Arn}`,
        remedy: 'Create the role now (IAM may not be changeable on the night), or correct its ARN under access.entries or argocd.roleArn.',
      },
    ];
  } catch (thrown) {
    const error = asEksDrError(thrown);
    if (error.category !== 'permission') return [blockerFrom(thrown, `iam:GetRole ${name}`)];
    return [
      {
        severity: 'warning',
        message: `It could not be checked that the IAM role ${arn} exists.`,
        evidence: error.message,
        remedy: error.remedy,
      },
    ];
  }
}
