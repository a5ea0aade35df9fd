import {
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  ListAccessEntriesCommand,
  ListTagsForResourceCommand,
  UpdateAccessEntryCommand,
} from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { everyPage } from '../every-page.ts';
import { refusalOf } from '../refusal.ts';
import { entryInput, makeEntry } from './entry.ts';
import type { EksAccess } from './subject.ts';

const CREATING = 'https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html';
const CREATE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html';
const UPDATE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAccessEntry.html';
const LIST = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAccessEntries.html';

export const entries: readonly Assertion<EksAccess>[] = [
  {
    title: 'makes an entry of type STANDARD without groups when nothing else is said',
    concern: 'writes',
    async holds(subject) {
      const { name, entry } = await makeEntry(subject);
      expect(entry).to.deep.include({ ...name, type: 'STANDARD', kubernetesGroups: [] });
      expect(entry.accessEntryArn).to.match(new RegExp(`^arn:aws:eks:eu-west-1:${subject.account}:access-entry/${subject.cluster}/`));
      expect(entry.createdAt).to.be.instanceOf(Date);
    },
  },
  {
    title: 'calls the sessions of a role by the role and the session',
    concern: 'writes',
    source: CREATING,
    deviations: { ministack: { instead: 'The username is empty.', seen: /expected '' to equal 'arn:aws:sts::/, source: CREATING } },
    async holds(subject) {
      const { name, entry } = await makeEntry(subject);
      const role = name.principalArn.split('/').at(-1);
      expect(entry.username).to.equal(`arn:aws:sts::${subject.account}:assumed-role/${role}/{{SessionName}}`);
    },
  },
  {
    title: 'puts nodes into the groups of nodes: an entry of type EC2_LINUX has its groups and username from EKS',
    concern: 'writes',
    source: CREATING,
    deviations: {
      ministack: { instead: 'There are no groups and no username.', seen: /expected \[\] to include 'system:nodes'/, source: CREATING },
    },
    async holds(subject) {
      const { entry } = await makeEntry(subject, { type: 'EC2_LINUX' });
      expect(entry.type).to.equal('EC2_LINUX');
      expect(entry.kubernetesGroups).to.include('system:nodes');
      expect(entry.username).to.equal('system:node:{{EC2PrivateDNSName}}');
    },
  },
  {
    title: 'describes an entry as it was made',
    concern: 'reads',
    async holds(subject) {
      const { name, entry } = await makeEntry(subject, { kubernetesGroups: ['viewers'], username: 'argocd', tags: { 'eks-dr:run': 'r1' } });
      expect(entry).to.deep.include({ kubernetesGroups: ['viewers'], username: 'argocd', tags: { 'eks-dr:run': 'r1' } });
      const { accessEntry } = await subject.eks.send(new DescribeAccessEntryCommand(name));
      expect(accessEntry).to.deep.equal(entry);
    },
  },
  {
    title: 'gives the tags of an entry by its ARN',
    concern: 'reads',
    async holds(subject) {
      const { entry } = await makeEntry(subject, { tags: { a: 'b' } });
      const answer = await subject.eks.send(new ListTagsForResourceCommand({ resourceArn: entry.accessEntryArn }));
      expect(answer.tags).to.deep.equal({ a: 'b' });
    },
  },
  {
    title: 'refuses a second entry for a principal with 409 and ResourceInUseException',
    concern: 'conflicts',
    async holds(subject) {
      const { name } = await makeEntry(subject);
      const refusal = await refusalOf(subject.eks.send(new CreateAccessEntryCommand(name)));
      expect(refusal).to.include({ name: 'ResourceInUseException', status: 409 });
    },
  },
  {
    title: 'takes a repeated creation with the same request token for the first one',
    concern: 'conflicts',
    source: CREATE,
    deviations: {
      ministack: {
        instead: 'It does not know request tokens.',
        seen: /^ResourceInUseException: Access entry already exists/,
        source: CREATE,
      },
    },
    async holds(subject) {
      const input = entryInput(subject, { clientRequestToken: 'once' });
      const first = await subject.eks.send(new CreateAccessEntryCommand(input));
      const again = await subject.eks.send(new CreateAccessEntryCommand(input));
      expect(again.accessEntry?.accessEntryArn).to.equal(first.accessEntry?.accessEntryArn);
    },
  },
  {
    title: 'makes an entry for the creator of a cluster, unless it was asked not to',
    concern: 'writes',
    source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html',
    async holds({ eks, makeCluster, cluster }) {
      const own = await eks.send(new ListAccessEntriesCommand({ clusterName: cluster }));
      expect(own.accessEntries).to.have.length.above(0);
      const without = { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false } as const;
      const clusterName = await makeCluster({ accessConfig: without });
      expect((await eks.send(new ListAccessEntriesCommand({ clusterName }))).accessEntries).to.deep.equal([]);
    },
  },
  {
    title: 'puts new groups in the place of the old ones, and leaves the username',
    concern: 'writes',
    source: UPDATE,
    async holds(subject) {
      const { name } = await makeEntry(subject, { kubernetesGroups: ['viewers', 'editors'], username: 'argocd' });
      const { accessEntry } = await subject.eks.send(new UpdateAccessEntryCommand({ ...name, kubernetesGroups: ['admins'] }));
      expect(accessEntry).to.deep.include({ kubernetesGroups: ['admins'], username: 'argocd' });
    },
  },
  {
    title: 'takes all groups away for an empty list, and none when there is no list',
    concern: 'writes',
    source: UPDATE,
    async holds(subject) {
      const { name } = await makeEntry(subject, { kubernetesGroups: ['viewers'] });
      const kept = await subject.eks.send(new UpdateAccessEntryCommand({ ...name, username: 'argocd' }));
      expect(kept.accessEntry?.kubernetesGroups).to.deep.equal(['viewers']);
      const cleared = await subject.eks.send(new UpdateAccessEntryCommand({ ...name, kubernetesGroups: [] }));
      expect(cleared.accessEntry?.kubernetesGroups).to.deep.equal([]);
    },
  },
  {
    title: 'forgets a deleted entry, so that it can be made again',
    concern: 'writes',
    async holds(subject) {
      const { name } = await makeEntry(subject, { kubernetesGroups: ['viewers'] });
      await subject.eks.send(new DeleteAccessEntryCommand(name));
      const refusal = await refusalOf(subject.eks.send(new DescribeAccessEntryCommand(name)));
      expect(refusal).to.include({ name: 'ResourceNotFoundException', status: 404 });
      const { accessEntry } = await subject.eks.send(new CreateAccessEntryCommand(name));
      expect(accessEntry?.kubernetesGroups).to.deep.equal([]);
    },
  },
  {
    title: 'describes, changes and deletes no entry that does not exist: 404 and ResourceNotFoundException',
    concern: 'not found',
    async holds(subject) {
      const { clusterName, principalArn } = entryInput(subject);
      const name = { clusterName, principalArn };
      const { eks } = subject;
      for (const call of [
        eks.send(new DescribeAccessEntryCommand(name)),
        eks.send(new UpdateAccessEntryCommand({ ...name, kubernetesGroups: ['viewers'] })),
        eks.send(new DeleteAccessEntryCommand(name)),
      ])
        expect(await refusalOf(call)).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'has no entries for a cluster that does not exist: 404 and ResourceNotFoundException',
    concern: 'not found',
    async holds(subject) {
      const input = entryInput(subject, { clusterName: 'no-such-cluster' });
      for (const call of [
        subject.eks.send(new CreateAccessEntryCommand(input)),
        subject.eks.send(new ListAccessEntriesCommand({ clusterName: 'no-such-cluster' })),
      ])
        expect(await refusalOf(call)).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'lists entries page by page, none twice and none left out',
    concern: 'paging',
    source: LIST,
    deviations: { ministack: { instead: 'It gives no token, and so the first page alone.', seen: /to be a superset of/, source: LIST } },
    async holds(subject) {
      const { eks, cluster: clusterName } = subject;
      const made = [await makeEntry(subject), await makeEntry(subject), await makeEntry(subject)];
      const all = await everyPage(async (nextToken) => {
        const page = await eks.send(new ListAccessEntriesCommand({ clusterName, maxResults: 2, nextToken }));
        expect(page.accessEntries).to.have.length.within(1, 2);
        return [page.accessEntries, page.nextToken];
      });
      expect(all).to.include.members(made.map(({ name }) => name.principalArn));
      expect(new Set(all)).to.have.property('size', all.length);
    },
  },
  {
    title: 'takes no token that it has not given: 400 and InvalidParameterException',
    concern: 'paging',
    source: LIST,
    deviations: { ministack: accepts(LIST) },
    async holds({ eks, cluster: clusterName }) {
      const refusal = await refusalOf(eks.send(new ListAccessEntriesCommand({ clusterName, nextToken: 'not-a-token' })));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  },
];
