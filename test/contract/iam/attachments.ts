import {
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { takenBy } from '../taken-by.ts';
import { unique } from '../unique.ts';
import { operation, QUOTAS } from './documentation.ts';
import type { IamSubject } from './subjects.ts';
import {
  addVersion,
  attach,
  expectMissing,
  expectOverLimit,
  iamClient,
  NOT_THERE,
  newPolicy,
  newRole,
  OTHER,
  putInline,
  READ_ONLY,
} from './things.ts';

const CNI = 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy';

export const attachments: readonly Assertion<IamSubject>[] = [
  {
    title: 'attaches a policy once, however often it is told to',
    concern: 'writes',
    source: operation('AttachRolePolicy'),
    deviations: {
      moto: {
        instead: 'It counts the attachment twice.',
        seen: /^AssertionError: expected 2 to equal 1$/,
        source: operation('AttachRolePolicy'),
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      const { Arn: PolicyArn, PolicyName } = await newPolicy(client);
      for (let count = 0; count < 2; count += 1) await attach(client, role, PolicyArn);
      const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName: role.RoleName }));
      expect(AttachedPolicies).to.deep.equal([{ PolicyArn, PolicyName }]);
      const { Policy: policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
      expect(policy?.AttachmentCount).to.equal(1);
    },
  },
  {
    title: 'answers the second detachment of a policy with 404 and NoSuchEntity',
    concern: 'not found',
    source: operation('DetachRolePolicy'),
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      const { Arn: PolicyArn } = await newPolicy(client);
      await attach(client, role, PolicyArn);
      const detach = () => client.send(new DetachRolePolicyCommand({ RoleName: role.RoleName, PolicyArn }));
      await detach();
      await expectMissing(detach());
    },
  },
  {
    title: 'refuses to attach a policy that does not exist with 404 and NoSuchEntity',
    concern: 'not found',
    source: operation('AttachRolePolicy'),
    deviations: takenBy('ministack', operation('AttachRolePolicy'), 'It attaches it.'),
    async holds(aws) {
      const client = iamClient(aws);
      await expectMissing(attach(client, await newRole(client), `arn:aws:iam::${aws.account}:policy/${NOT_THERE}`));
    },
  },
  {
    title: 'attaches ten policies to a role and refuses one more with 409 and LimitExceeded',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy(['ministack', 'moto'], QUOTAS),
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      for (let count = 0; count < 10; count += 1) await attach(client, role, (await newPolicy(client)).Arn);
      await expectOverLimit(attach(client, role, (await newPolicy(client)).Arn));
    },
  },
  {
    title: 'attaches a policy that AWS manages, and takes no version of it from anybody else',
    concern: 'writes',
    source: operation('AttachRolePolicy'),
    deviations: {
      moto: {
        instead: 'It knows the policies of AWS only when it is told to load them.',
        seen: /Policy arn:aws:iam::aws:policy\/AmazonEKS_CNI_Policy does not exist or is not attachable\.$/,
        source: operation('AttachRolePolicy'),
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      await attach(client, role, CNI);
      const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName: role.RoleName }));
      expect(AttachedPolicies).to.deep.equal([{ PolicyArn: CNI, PolicyName: 'AmazonEKS_CNI_Policy' }]);
      expect(await refusalOf(addVersion(client, CNI, true))).to.include({ name: 'AccessDenied', status: 403 });
    },
  },
  {
    title: 'tells to which roles under a path a policy is attached',
    concern: 'reads',
    source: operation('ListEntitiesForPolicy'),
    async holds(aws) {
      const client = iamClient(aws);
      const { Arn: PolicyArn } = await newPolicy(client);
      const PathPrefix = `/${unique('team')}/`;
      const role = await newRole(client, { Path: PathPrefix });
      const other = await newRole(client, { Path: `/${unique('team')}/` });
      for (const each of [role, other]) await attach(client, each, PolicyArn);
      const { PolicyRoles = [] } = await client.send(new ListEntitiesForPolicyCommand({ PolicyArn, PathPrefix }));
      expect(PolicyRoles.map(({ RoleName }) => RoleName)).to.deep.equal([role.RoleName]);
    },
  },
  {
    title: 'replaces an inline policy of the same name, and answers it percent-encoded',
    concern: 'writes',
    source: operation('PutRolePolicy'),
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      for (const document of [READ_ONLY, OTHER]) await putInline(client, role, 'inline', document);
      const found = await client.send(new GetRolePolicyCommand({ RoleName: role.RoleName, PolicyName: 'inline' }));
      expect(found.PolicyDocument).to.match(/^%7B%22Version%22/);
      expect(decodeURIComponent(found.PolicyDocument ?? '')).to.equal(OTHER);
    },
  },
  {
    title: 'answers an inline policy that is not there with 404 and NoSuchEntity, to its deletion too',
    concern: 'not found',
    source: operation('DeleteRolePolicy'),
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client);
      await expectMissing(client.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'none' })));
      await expectMissing(client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'none' })));
    },
  },
];
