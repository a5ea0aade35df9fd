import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  type Role,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { takenBy } from '../taken-by.ts';
import { unique } from '../unique.ts';
import { operation } from './documentation.ts';
import type { IamSubject } from './subjects.ts';
import {
  attach,
  expectExists,
  expectInUse,
  expectInvalid,
  expectMissing,
  iamClient,
  NO_PAGES,
  NOT_THERE,
  newPolicy,
  newRole,
  PODS,
  putInline,
  READ_ONLY,
} from './things.ts';

const CREATE = operation('CreateRole');
const BOUNDARY = operation('PutRolePermissionsBoundary');

export const roles: readonly Assertion<IamSubject>[] = [
  {
    title: 'bounds a role with a managed policy, and frees it again',
    concern: 'writes',
    async holds(aws) {
      const client = iamClient(aws);
      const [role, { Arn: PermissionsBoundary }] = [await newRole(client), await newPolicy(client)];
      const RoleName = role.RoleName;
      const boundary = async () => (await client.send(new GetRoleCommand({ RoleName }))).Role?.PermissionsBoundary?.PermissionsBoundaryArn;
      await client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
      expect(await boundary()).to.equal(PermissionsBoundary);
      await client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
      expect(await boundary()).to.equal(undefined);
    },
  },
  {
    title: 'bounds no role with a policy that does not exist: 404 and NoSuchEntity',
    concern: 'not found',
    source: BOUNDARY,
    deviations: { ministack: accepts(BOUNDARY), moto: accepts(BOUNDARY) },
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client);
      const PermissionsBoundary = `arn:aws:iam::${aws.account}:policy/${NOT_THERE}`;
      await expectMissing(client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })));
    },
  },
  {
    title: 'answers a role with its path in its ARN, an id, and sessions of an hour',
    concern: 'reads',
    source: CREATE,
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client, { Path: '/team/web/', Description: 'of the contract' });
      const { Role: role } = await client.send(new GetRoleCommand({ RoleName }));
      expect(role).to.include({
        Path: '/team/web/',
        Arn: `arn:aws:iam::${aws.account}:role/team/web/${RoleName}`,
        Description: 'of the contract',
        MaxSessionDuration: 3600,
      });
      expect(role?.RoleId).to.match(/^AROA[A-Z0-9]{16,}$/);
      expect(role?.CreateDate).to.be.instanceOf(Date);
    },
  },
  {
    title: 'answers the trust policy percent-encoded, else as it was sent',
    concern: 'reads',
    source: operation('GetRole'),
    async holds(aws) {
      const client = iamClient(aws);
      const trust = JSON.stringify(JSON.parse(PODS), null, 2);
      const { RoleName } = await newRole(client, { AssumeRolePolicyDocument: trust });
      const { Role: role } = await client.send(new GetRoleCommand({ RoleName }));
      expect(role?.AssumeRolePolicyDocument).to.match(/^%7B%0A%20%20%22Version%22%3A/);
      expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).to.equal(trust);
    },
  },
  {
    title: 'refuses a second role of one name with 409 and EntityAlreadyExists',
    concern: 'conflicts',
    source: CREATE,
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client);
      expect(await expectExists(newRole(client, { RoleName }))).to.equal(`Role with name ${RoleName} already exists.`);
    },
  },
  {
    title: 'takes role names that differ in case only for the same',
    concern: 'conflicts',
    source: CREATE,
    deviations: takenBy(['ministack', 'moto'], CREATE),
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client);
      await expectExists(newRole(client, { RoleName: RoleName.toUpperCase() }));
    },
  },
  {
    title: 'answers calls about a role that is not there with 404 and NoSuchEntity',
    concern: 'not found',
    source: operation('GetRole'),
    async holds(aws) {
      const client = iamClient(aws);
      const RoleName = NOT_THERE;
      await expectMissing(client.send(new GetRoleCommand({ RoleName })));
      await expectMissing(client.send(new DeleteRoleCommand({ RoleName })));
      await expectMissing(client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: PODS })));
      await expectMissing(client.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: 'b' }] })));
      await expectMissing(putInline(client, { RoleName }, 'inline', READ_ONLY));
    },
  },
  {
    title: 'refuses to delete a role with an attached policy with 409 and DeleteConflict',
    concern: 'conflicts',
    source: operation('DeleteRole'),
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      const { Arn: PolicyArn } = await newPolicy(client);
      await attach(client, role, PolicyArn);
      await expectInUse(client.send(new DeleteRoleCommand({ RoleName: role.RoleName })));
      await client.send(new DetachRolePolicyCommand({ RoleName: role.RoleName, PolicyArn }));
      await client.send(new DeleteRoleCommand({ RoleName: role.RoleName }));
      await expectMissing(client.send(new GetRoleCommand({ RoleName: role.RoleName })));
    },
  },
  {
    title: 'refuses to delete a role with an inline policy with 409 and DeleteConflict',
    concern: 'conflicts',
    source: operation('DeleteRole'),
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      await putInline(client, role, 'inline', READ_ONLY);
      await expectInUse(client.send(new DeleteRoleCommand({ RoleName: role.RoleName })));
      await client.send(new DeleteRolePolicyCommand({ RoleName: role.RoleName, PolicyName: 'inline' }));
      await client.send(new DeleteRoleCommand({ RoleName: role.RoleName }));
    },
  },
  {
    title: 'replaces a trust policy as a whole',
    concern: 'writes',
    source: operation('UpdateAssumeRolePolicy'),
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client);
      const PolicyDocument = PODS.replace('pods.eks.', 'ec2.');
      await client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      const { Role: role } = await client.send(new GetRoleCommand({ RoleName }));
      expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).to.equal(PolicyDocument);
    },
  },
  {
    title: 'sets sessions back to an hour with an update that does not say how long',
    concern: 'writes',
    source: operation('UpdateRole'),
    deviations: {
      ministack: {
        instead: 'It leaves them as long as they were.',
        seen: /to have property 'MaxSessionDuration' of 3600, but got 7200$/,
        source: operation('UpdateRole'),
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client, { MaxSessionDuration: 7200 });
      await client.send(new UpdateRoleCommand({ RoleName, Description: 'changed' }));
      const { Role: role } = await client.send(new GetRoleCommand({ RoleName }));
      expect(role).to.include({ Description: 'changed', MaxSessionDuration: 3600 });
    },
  },
  {
    title: 'refuses sessions of less than an hour or more than twelve with 400 and ValidationError',
    concern: 'validation',
    source: CREATE,
    deviations: takenBy(['ministack', 'moto'], CREATE),
    async holds(aws) {
      const client = iamClient(aws);
      for (const MaxSessionDuration of [3599, 43_201]) await expectInvalid(newRole(client, { MaxSessionDuration }));
    },
  },
  {
    title: 'refuses a name of more than 64 characters, and one with a slash, with 400 and ValidationError',
    concern: 'validation',
    source: CREATE,
    deviations: takenBy(['ministack', 'moto'], CREATE),
    async holds(aws) {
      const client = iamClient(aws);
      for (const RoleName of [unique('role').padEnd(65, 'x'), `${unique('team')}/role`]) await expectInvalid(newRole(client, { RoleName }));
    },
  },
  {
    title: 'refuses a path that does not begin and end with a slash with 400 and ValidationError',
    concern: 'validation',
    source: CREATE,
    deviations: takenBy(['ministack', 'moto'], CREATE),
    async holds(aws) {
      const client = iamClient(aws);
      for (const Path of ['team/', '/team']) await expectInvalid(newRole(client, { Path }));
    },
  },
  {
    title: 'lists the roles under a path and no others, each once over all pages',
    concern: 'paging',
    source: operation('ListRoles'),
    deviations: { ministack: { ...NO_PAGES, source: operation('ListRoles') } },
    async holds(aws) {
      const client = iamClient(aws);
      const Path = `/${unique('team')}/`;
      const names = [unique('role'), unique('role'), unique('role')].sort();
      for (const RoleName of names) await client.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: PODS }));
      const seen: Role[] = [];
      let Marker: string | undefined;
      do {
        const answer = await client.send(new ListRolesCommand({ PathPrefix: Path, MaxItems: 2, Marker }));
        expect(answer.Roles?.length).to.be.at.most(2);
        seen.push(...(answer.Roles ?? []));
        Marker = answer.IsTruncated ? answer.Marker : undefined;
      } while (Marker !== undefined && seen.length < 10);
      expect(seen.map(({ RoleName }) => RoleName)).to.have.members(names);
    },
  },
];
