import { GetRoleCommand, ListRoleTagsCommand, TagRoleCommand, UntagRoleCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { takenBy } from '../taken-by.ts';
import { operation, QUOTAS, TAGS } from './documentation.ts';
import type { IamSubject } from './subjects.ts';
import { expectOverLimit, iamClient, newRole } from './things.ts';

export const roleTags: readonly Assertion<IamSubject>[] = [
  {
    title: 'adds, overwrites and removes the tags of a role',
    concern: 'writes',
    source: operation('TagRole'),
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client, { Tags: [{ Key: 'team', Value: 'platform' }] });
      const Tags = [
        { Key: 'team', Value: 'web' },
        { Key: 'eks-dr:run', Value: 'r1' },
      ];
      await client.send(new TagRoleCommand({ RoleName, Tags }));
      expect((await client.send(new ListRoleTagsCommand({ RoleName }))).Tags).to.have.deep.members(Tags);
      await client.send(new UntagRoleCommand({ RoleName, TagKeys: ['team', 'never-set'] }));
      expect((await client.send(new GetRoleCommand({ RoleName }))).Role?.Tags).to.deep.equal([{ Key: 'eks-dr:run', Value: 'r1' }]);
    },
  },
  {
    title: 'takes tag keys that differ in case only for the same',
    concern: 'writes',
    source: TAGS,
    deviations: {
      moto: {
        instead: 'It keeps both tags.',
        seen: /^AssertionError: expected \[ 'platform', 'web' \] to deeply equal \[ 'web' \]$/,
        source: TAGS,
      },
    },
    async holds(aws) {
      const client = iamClient(aws);
      const { RoleName } = await newRole(client, { Tags: [{ Key: 'Team', Value: 'platform' }] });
      await client.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'team', Value: 'web' }] }));
      const { Tags = [] } = await client.send(new ListRoleTagsCommand({ RoleName }));
      expect(Tags.map(({ Value }) => Value)).to.deep.equal(['web']);
    },
  },
  {
    title: 'keeps 50 tags on a role and refuses one more with 409 and LimitExceeded',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy(['ministack', 'moto'], QUOTAS),
    async holds(aws) {
      const client = iamClient(aws);
      const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
      const { RoleName } = await newRole(client, { Tags });
      await expectOverLimit(client.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'k50', Value: 'v' }] })));
    },
  },
];
