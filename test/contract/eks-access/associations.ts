import {
  type AccessScope,
  AssociateAccessPolicyCommand,
  type AssociateAccessPolicyCommandOutput,
  DisassociateAccessPolicyCommand,
  ListAccessEntriesCommand,
  ListAccessPoliciesCommand,
  ListAssociatedAccessPoliciesCommand,
} from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { everyPage } from '../every-page.ts';
import { refusalOf } from '../refusal.ts';
import { type EntryName, entryInput, makeEntry } from './entry.ts';
import type { EksAccess } from './subject.ts';

const ASSOCIATE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_AssociateAccessPolicy.html';
const SCOPE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_AccessScope.html';
const LIST_ENTRIES = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAccessEntries.html';
const POLICIES = 'https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html';

const policy = (name: string): string => `arn:aws:eks::aws:cluster-access-policy/${name}`;
const ADMIN = policy('AmazonEKSClusterAdminPolicy');
const VIEW = policy('AmazonEKSViewPolicy');

const CLUSTER: AccessScope = { type: 'cluster' };
const namespaces = (...names: string[]): AccessScope => ({ type: 'namespace', namespaces: names });

function associate(
  { eks }: EksAccess,
  name: EntryName,
  policyArn: string,
  accessScope: AccessScope,
): Promise<AssociateAccessPolicyCommandOutput> {
  return eks.send(new AssociateAccessPolicyCommand({ ...name, policyArn, accessScope }));
}

async function associated(
  { eks }: EksAccess,
  name: EntryName,
): Promise<{ policyArn: string | undefined; accessScope: AccessScope | undefined }[]> {
  const { associatedAccessPolicies = [] } = await eks.send(new ListAssociatedAccessPoliciesCommand(name));
  return associatedAccessPolicies.map(({ policyArn, accessScope }) => ({ policyArn, accessScope }));
}

/** Access policies, and what associates them with entries. */
export const associations: readonly Assertion<EksAccess>[] = [
  {
    title: 'lists the access policies that there are, by name and ARN',
    concern: 'reads',
    source: POLICIES,
    deviations: { ministack: { instead: 'It has no such operation.', seen: /No route for GET .access-policies/, source: POLICIES } },
    async holds({ eks }) {
      const all = await everyPage(async (nextToken) => {
        const page = await eks.send(new ListAccessPoliciesCommand({ nextToken }));
        return [page.accessPolicies, page.nextToken];
      });
      const documented = ['AmazonEKSClusterAdminPolicy', 'AmazonEKSAdminPolicy', 'AmazonEKSEditPolicy', 'AmazonEKSViewPolicy'];
      expect(all).to.deep.include.members(documented.map((name) => ({ name, arn: policy(name) })));
    },
  },
  {
    title: 'associates a policy in the scope of the cluster',
    concern: 'writes',
    async holds(subject) {
      const { name } = await makeEntry(subject);
      const { associatedAccessPolicy: made, ...rest } = await associate(subject, name, ADMIN, CLUSTER);
      expect(rest).to.include(name);
      expect(made).to.deep.include({ policyArn: ADMIN, accessScope: { type: 'cluster', namespaces: [] } });
      expect(made?.associatedAt).to.be.instanceOf(Date);
      expect(await associated(subject, name)).to.deep.equal([{ policyArn: ADMIN, accessScope: { type: 'cluster', namespaces: [] } }]);
    },
  },
  {
    title: 'associates a policy in the scope of namespaces',
    concern: 'writes',
    async holds(subject) {
      const { name } = await makeEntry(subject);
      await associate(subject, name, VIEW, namespaces('orders', 'search'));
      expect(await associated(subject, name)).to.deep.equal([{ policyArn: VIEW, accessScope: namespaces('orders', 'search') }]);
    },
  },
  {
    title: 'puts the scope of a second association of a policy in the place of the first',
    concern: 'conflicts',
    source: ASSOCIATE,
    async holds(subject) {
      const { name } = await makeEntry(subject);
      await associate(subject, name, VIEW, CLUSTER);
      await associate(subject, name, VIEW, namespaces('orders'));
      expect(await associated(subject, name)).to.deep.equal([{ policyArn: VIEW, accessScope: namespaces('orders') }]);
    },
  },
  {
    title: 'takes the same association again without a complaint',
    concern: 'conflicts',
    async holds(subject) {
      const { name } = await makeEntry(subject);
      await associate(subject, name, ADMIN, CLUSTER);
      await associate(subject, name, ADMIN, CLUSTER);
      expect(await associated(subject, name)).to.have.length(1);
    },
  },
  {
    title: 'asks for the names of the namespaces: 400 and InvalidParameterException without',
    concern: 'validation',
    source: SCOPE,
    async holds(subject) {
      const { name } = await makeEntry(subject);
      const refusal = await refusalOf(associate(subject, name, VIEW, { type: 'namespace' }));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
      expect(await associated(subject, name)).to.deep.equal([]);
    },
  },
  {
    title: 'knows no other scope than cluster and namespace: 400 and InvalidParameterException',
    concern: 'validation',
    source: SCOPE,
    async holds(subject) {
      const { name } = await makeEntry(subject);
      const refusal = await refusalOf(associate(subject, name, VIEW, { type: 'node' as 'cluster' }));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  },
  {
    title: 'takes no IAM policy for an access policy: 400 and InvalidParameterException',
    concern: 'validation',
    source: POLICIES,
    deviations: { ministack: accepts(POLICIES) },
    async holds(subject) {
      const { name } = await makeEntry(subject);
      const refusal = await refusalOf(associate(subject, name, 'arn:aws:iam::aws:policy/AdministratorAccess', CLUSTER));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  },
  {
    title: 'associates nothing with the entries of nodes: 400 and InvalidParameterException or InvalidRequestException',
    concern: 'validation',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html',
    async holds(subject) {
      const { name } = await makeEntry(subject, { type: 'EC2_LINUX' });
      const refusal = await refusalOf(associate(subject, name, VIEW, CLUSTER));
      expect(refusal.status).to.equal(400);
      expect(refusal.name).to.be.oneOf(['InvalidParameterException', 'InvalidRequestException']);
    },
  },
  {
    title: 'associates nothing with an entry that does not exist: 404 and ResourceNotFoundException',
    concern: 'not found',
    async holds(subject) {
      const { clusterName, principalArn } = entryInput(subject);
      const refusal = await refusalOf(associate(subject, { clusterName, principalArn }, VIEW, CLUSTER));
      expect(refusal).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'disassociates the named policy alone',
    concern: 'writes',
    async holds(subject) {
      const { name } = await makeEntry(subject);
      await associate(subject, name, VIEW, CLUSTER);
      await associate(subject, name, ADMIN, CLUSTER);
      await subject.eks.send(new DisassociateAccessPolicyCommand({ ...name, policyArn: VIEW }));
      expect((await associated(subject, name)).map(({ policyArn }) => policyArn)).to.deep.equal([ADMIN]);
    },
  },
  {
    title: 'disassociates no policy that is not associated: 404 and ResourceNotFoundException',
    concern: 'not found',
    async holds(subject) {
      const { name } = await makeEntry(subject);
      const refusal = await refusalOf(subject.eks.send(new DisassociateAccessPolicyCommand({ ...name, policyArn: VIEW })));
      expect(refusal).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'lists the entries with a policy',
    concern: 'reads',
    source: LIST_ENTRIES,
    async holds(subject) {
      const { eks, cluster: clusterName } = subject;
      const [one, other] = [await makeEntry(subject), await makeEntry(subject)];
      await associate(subject, one.name, policy('AmazonEKSEditPolicy'), CLUSTER);
      const page = await eks.send(
        new ListAccessEntriesCommand({ clusterName, associatedPolicyArn: policy('AmazonEKSEditPolicy'), maxResults: 100 }),
      );
      expect(page.accessEntries).to.include(one.name.principalArn).and.not.include(other.name.principalArn);
    },
  },
];
