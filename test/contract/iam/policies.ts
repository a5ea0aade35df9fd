import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  type Policy,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { takenBy } from '../taken-by.ts';
import { unique } from '../unique.ts';
import { operation } from './documentation.ts';
import type { IamSubject } from './subjects.ts';
import {
  addVersion,
  attach,
  expectExists,
  expectInUse,
  expectMissing,
  expectOverLimit,
  iamClient,
  NO_PAGES,
  NOT_THERE,
  newPolicy,
  newRole,
  READ_ONLY,
} from './things.ts';

export const policies: readonly Assertion<IamSubject>[] = [
  {
    title: 'answers a policy with its path in its ARN, and its first version as the default',
    concern: 'reads',
    source: operation('CreatePolicy'),
    async holds(aws) {
      const client = iamClient(aws);
      const { Arn: PolicyArn, PolicyName } = await newPolicy(client, { Path: '/team/' });
      const { Policy: policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
      expect(PolicyArn).to.equal(`arn:aws:iam::${aws.account}:policy/team/${PolicyName}`);
      expect(policy).to.include({ PolicyName, Path: '/team/', DefaultVersionId: 'v1', AttachmentCount: 0 });
      const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
      expect(decodeURIComponent(PolicyVersion?.Document ?? '')).to.equal(READ_ONLY);
    },
  },
  {
    title: 'refuses a second policy of one name with 409 and EntityAlreadyExists',
    concern: 'conflicts',
    source: operation('CreatePolicy'),
    async holds(aws) {
      const client = iamClient(aws);
      const { PolicyName } = await newPolicy(client);
      await expectExists(newPolicy(client, { PolicyName }));
    },
  },
  {
    title: 'answers calls about a policy that is not there with 404 and NoSuchEntity',
    concern: 'not found',
    source: operation('GetPolicy'),
    async holds(aws) {
      const client = iamClient(aws);
      const PolicyArn = `arn:aws:iam::${aws.account}:policy/${NOT_THERE}`;
      await expectMissing(client.send(new GetPolicyCommand({ PolicyArn })));
      await expectMissing(client.send(new DeletePolicyCommand({ PolicyArn })));
      await expectMissing(addVersion(client, PolicyArn, true));
    },
  },
  {
    title: 'answers the question to what a policy is attached that is not there with 404 and NoSuchEntity',
    concern: 'not found',
    source: operation('ListEntitiesForPolicy'),
    deviations: takenBy('moto', operation('ListEntitiesForPolicy'), 'It answers that nothing has it.'),
    async holds(aws) {
      const PolicyArn = `arn:aws:iam::${aws.account}:policy/${NOT_THERE}`;
      await expectMissing(iamClient(aws).send(new ListEntitiesForPolicyCommand({ PolicyArn })));
    },
  },
  {
    title: 'keeps the default version until told to use another',
    concern: 'writes',
    source: operation('CreatePolicyVersion'),
    deviations: {
      ministack: {
        instead: 'It has no SetDefaultPolicyVersion.',
        seen: /Unknown IAM action: SetDefaultPolicyVersion$/,
        source: operation('SetDefaultPolicyVersion'),
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const { Arn: PolicyArn } = await newPolicy(client);
      const defaultVersion = async () => (await client.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId;
      expect(await addVersion(client, PolicyArn, false)).to.equal('v2');
      expect(await defaultVersion()).to.equal('v1');
      await client.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
      expect(await defaultVersion()).to.equal('v2');
      expect(await addVersion(client, PolicyArn, true)).to.equal('v3');
      expect(await defaultVersion()).to.equal('v3');
    },
  },
  {
    title: 'keeps five versions of a policy and refuses one more with 409 and LimitExceeded',
    concern: 'validation',
    source: operation('CreatePolicyVersion'),
    async holds(aws) {
      const client = iamClient(aws);
      const { Arn: PolicyArn } = await newPolicy(client);
      for (let count = 2; count <= 5; count += 1) await addVersion(client, PolicyArn, true);
      await expectOverLimit(addVersion(client, PolicyArn, true));
    },
  },
  {
    title: 'never uses the number of a deleted version again',
    concern: 'writes',
    source: operation('CreatePolicyVersion'),
    deviations: {
      ministack: {
        instead: 'It numbers on from the versions that are left.',
        seen: /^AssertionError: expected 'v2' to equal 'v3'$/,
        source: operation('CreatePolicyVersion'),
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const { Arn: PolicyArn } = await newPolicy(client);
      await addVersion(client, PolicyArn, false);
      await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
      expect(await addVersion(client, PolicyArn, false)).to.equal('v3');
    },
  },
  {
    title: 'refuses to delete the default version with 409 and DeleteConflict',
    concern: 'conflicts',
    source: operation('DeletePolicyVersion'),
    async holds(aws) {
      const client = iamClient(aws);
      const { Arn: PolicyArn } = await newPolicy(client);
      await expectInUse(client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' })));
    },
  },
  {
    title: 'refuses to delete a policy that is attached with 409 and DeleteConflict',
    concern: 'conflicts',
    source: operation('DeletePolicy'),
    deviations: takenBy('moto', operation('DeletePolicy'), 'It deletes it.'),
    async holds(aws) {
      const client = iamClient(aws);
      const role = await newRole(client);
      const { Arn: PolicyArn } = await newPolicy(client);
      await attach(client, role, PolicyArn);
      await expectInUse(client.send(new DeletePolicyCommand({ PolicyArn })));
      await client.send(new DetachRolePolicyCommand({ RoleName: role.RoleName, PolicyArn }));
      await client.send(new DeletePolicyCommand({ PolicyArn }));
    },
  },
  {
    title: 'refuses to delete a policy with more than one version with 409 and DeleteConflict',
    concern: 'conflicts',
    source: operation('DeletePolicy'),
    deviations: takenBy(['ministack', 'moto'], operation('DeletePolicy'), 'It deletes it.'),
    async holds(aws) {
      const client = iamClient(aws);
      const { Arn: PolicyArn } = await newPolicy(client);
      await addVersion(client, PolicyArn, false);
      await expectInUse(client.send(new DeletePolicyCommand({ PolicyArn })));
    },
  },
  {
    title: 'lists the policies of the account under a path, each once over all pages',
    concern: 'paging',
    source: operation('ListPolicies'),
    deviations: { ministack: { ...NO_PAGES, source: operation('ListPolicies') } },
    async holds(aws) {
      const client = iamClient(aws);
      const Path = `/${unique('team')}/`;
      const made = [await newPolicy(client, { Path }), await newPolicy(client, { Path }), await newPolicy(client, { Path })];
      const seen: Policy[] = [];
      let Marker: string | undefined;
      do {
        const answer = await client.send(new ListPoliciesCommand({ Scope: 'Local', PathPrefix: Path, MaxItems: 2, Marker }));
        expect(answer.Policies?.length).to.be.at.most(2);
        seen.push(...(answer.Policies ?? []));
        Marker = answer.IsTruncated ? answer.Marker : undefined;
      } while (Marker !== undefined && seen.length < 10);
      expect(seen.map(({ Arn }) => Arn)).to.have.members(made.map(({ Arn }) => Arn));
    },
  },
];
