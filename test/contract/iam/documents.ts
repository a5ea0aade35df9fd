import { GetRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import type { Assertion, Referee } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { takenBy } from '../taken-by.ts';
import { CONSISTENCY, GRAMMAR, operation, PRINCIPAL, QUOTAS } from './documentation.ts';
import type { IamSubject } from './subjects.ts';
import {
  documentOf,
  documentOfSize,
  expectMalformed,
  expectOverLimit,
  iamClient,
  newPolicy,
  newRole,
  PODS,
  putInline,
  READ_ONLY,
} from './things.ts';

const ALLOW = { Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' };

function refusesPolicy(title: string, PolicyDocument: string, lax: readonly Referee[] = []): Assertion<IamSubject> {
  return {
    title,
    concern: 'validation',
    source: GRAMMAR,
    deviations: takenBy(lax, GRAMMAR),
    holds: async (aws) => void (await expectMalformed(newPolicy(iamClient(aws), { PolicyDocument }))),
  };
}

/** Neither referee looks into the trust policy of a new role. */
function refusesTrust(title: string, AssumeRolePolicyDocument: string): Assertion<IamSubject> {
  return {
    title,
    concern: 'validation',
    source: GRAMMAR,
    deviations: takenBy(['ministack', 'moto'], GRAMMAR),
    holds: async (aws) => void (await expectMalformed(newRole(iamClient(aws), { AssumeRolePolicyDocument }))),
  };
}

export const documents: readonly Assertion<IamSubject>[] = [
  refusesPolicy('refuses a policy that is not JSON with 400 and MalformedPolicyDocument', '{'),
  refusesPolicy('refuses a policy without statements', JSON.stringify({ Version: '2012-10-17' })),
  refusesPolicy('refuses an effect that is neither Allow nor Deny', documentOf({ ...ALLOW, Effect: 'Permit' })),
  refusesPolicy('refuses a statement without a resource', documentOf({ ...ALLOW, Resource: undefined })),
  refusesPolicy('refuses a statement without an action', documentOf({ ...ALLOW, Action: undefined })),
  refusesPolicy('refuses an action without the prefix of a service', documentOf({ ...ALLOW, Action: 'DescribeVpcs' }), ['ministack']),
  refusesPolicy('refuses a member that statements do not have', documentOf({ ...ALLOW, Ressource: '*' }), ['ministack']),
  refusesPolicy('refuses a principal in a permissions policy', documentOf({ ...ALLOW, Principal: '*' }), ['ministack', 'moto']),
  refusesPolicy('refuses a version that does not exist', READ_ONLY.replace('2012-10-17', '2012-10-18'), ['ministack']),
  refusesTrust('refuses a trust policy that is not JSON', '{'),
  refusesTrust('refuses a trust policy without a principal', documentOf({ Effect: 'Allow', Action: 'sts:AssumeRole' })),
  refusesTrust('refuses a trust policy with a resource', documentOf({ ...(JSON.parse(PODS).Statement[0] as object), Resource: '*' })),
  refusesTrust(
    'refuses a trust policy about other actions than those of STS',
    documentOf({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'ec2:RunInstances' }),
  ),
  {
    title: 'refuses to trust a role of the account that does not exist, and names it',
    concern: 'validation',
    source: PRINCIPAL,
    deviations: takenBy(['ministack', 'moto'], PRINCIPAL),
    async holds(aws) {
      const AWS = `arn:aws:iam::${aws.account}:role/contract-not-there`;
      const trust = documentOf({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
      const message = await expectMalformed(newRole(iamClient(aws), { AssumeRolePolicyDocument: trust }));
      expect(message).to.equal(`Invalid principal in policy: "AWS":"${AWS}"`);
    },
  },
  {
    title: 'takes a new role for a principal of a trust policy within seconds of its creation',
    concern: 'consistency',
    source: CONSISTENCY,
    async holds(aws) {
      const client = iamClient(aws);
      const { Arn } = await newRole(client);
      const trust = documentOf({ Effect: 'Allow', Principal: { AWS: Arn }, Action: 'sts:AssumeRole' });
      const ask = () =>
        newRole(client, { AssumeRolePolicyDocument: trust }).catch((thrown: Error) => {
          if (thrown.message.startsWith('Invalid principal in policy')) return null;
          throw thrown;
        });
      await eventually(ask, (role) => role !== null);
    },
  },
  {
    title: 'leaves the trust policy as it is when it refuses another',
    concern: 'writes',
    source: operation('UpdateAssumeRolePolicy'),
    deviations: takenBy('ministack', operation('UpdateAssumeRolePolicy')),
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client);
      await expectMalformed(client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: READ_ONLY })));
      const { Role: role } = await client.send(new GetRoleCommand({ RoleName }));
      expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).to.equal(PODS);
    },
  },
  {
    title: 'refuses a trust policy of more than 2,048 characters with 409 and LimitExceeded',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy(['ministack', 'moto'], QUOTAS),
    async holds(aws) {
      const Condition = { StringEquals: { 'aws:SourceAccount': 'x'.repeat(2048) } };
      const trust = documentOf({ ...(JSON.parse(PODS).Statement[0] as object), Condition });
      await expectOverLimit(newRole(iamClient(aws), { AssumeRolePolicyDocument: trust }));
    },
  },
  {
    title: 'takes a managed policy of 6,144 characters and refuses one more with 409 and LimitExceeded',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy(['ministack', 'moto'], QUOTAS),
    async holds(aws) {
      const client = iamClient(aws);
      await newPolicy(client, { PolicyDocument: documentOfSize(6144) });
      await expectOverLimit(newPolicy(client, { PolicyDocument: documentOfSize(6145) }));
    },
  },
  {
    title: 'does not count white space in the size of a policy',
    concern: 'validation',
    source: QUOTAS,
    async holds(aws) {
      const spaced = JSON.stringify(JSON.parse(documentOfSize(6144)), null, 8);
      await newPolicy(iamClient(aws), { PolicyDocument: spaced });
    },
  },
  {
    title: 'counts the inline policies of a role together: 10,240 characters and not one more',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy(['ministack', 'moto'], QUOTAS),
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      await putInline(client, role, 'one', documentOfSize(5120));
      await expectOverLimit(putInline(client, role, 'two', documentOfSize(5121)));
      await putInline(client, role, 'two', documentOfSize(5120));
      await putInline(client, role, 'two', documentOfSize(5119));
    },
  },
];
