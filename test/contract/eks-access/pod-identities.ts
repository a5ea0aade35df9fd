import {
  CreatePodIdentityAssociationCommand,
  type CreatePodIdentityAssociationCommandInput,
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  ListTagsForResourceCommand,
  type PodIdentityAssociation,
  TagResourceCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { everyPage } from '../every-page.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import type { EksAccess } from './subject.ts';

const CREATE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html';
const UPDATE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdatePodIdentityAssociation.html';
const LIST = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_ListPodIdentityAssociations.html';
const TRUST = 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html';
const QUOTAS = 'https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html';
const TAG = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html';

async function create(
  subject: EksAccess,
  overrides: Partial<CreatePodIdentityAssociationCommandInput> = {},
): Promise<PodIdentityAssociation> {
  const { eks, cluster: clusterName, podRole: roleArn } = subject;
  const input = { clusterName, namespace: 'cart', serviceAccount: unique('account'), roleArn, ...overrides };
  return (await eks.send(new CreatePodIdentityAssociationCommand(input))).association ?? {};
}

const nameOf = ({ clusterName, associationId }: PodIdentityAssociation) => ({ clusterName, associationId });

/** EKS Pod Identity: which IAM role the pods of a service account get. */
export const podIdentities: readonly Assertion<EksAccess>[] = [
  {
    title: 'gives a service account a role, and describes the association by its id',
    concern: 'writes',
    async holds(subject) {
      const made = await create(subject, { tags: { 'eks-dr:run': 'r1' } });
      expect(made.associationId).to.match(/^a-[0-9a-z]+$/);
      const { association } = await subject.eks.send(new DescribePodIdentityAssociationCommand(nameOf(made)));
      const { cluster: clusterName, podRole: roleArn } = subject;
      expect(association).to.deep.include({ clusterName, roleArn, namespace: 'cart', tags: { 'eks-dr:run': 'r1' } });
      expect(association?.serviceAccount).to.equal(made.serviceAccount);
      expect(association?.associationArn).to.match(new RegExp(`:podidentityassociation/${clusterName}/${made.associationId}$`));
    },
  },
  {
    title: 'lists the associations of a service account, of a namespace, and of all, without their roles',
    concern: 'reads',
    async holds(subject) {
      const { eks, cluster: clusterName } = subject;
      const namespace = unique('namespace');
      const one = await create(subject, { namespace });
      const other = await create(subject, { namespace });
      const list = async (filter: { readonly namespace: string; readonly serviceAccount?: string | undefined }) =>
        (await eks.send(new ListPodIdentityAssociationsCommand({ clusterName, ...filter }))).associations ?? [];
      expect((await list({ namespace })).map(({ associationId }) => associationId)).to.have.members([
        one.associationId,
        other.associationId,
      ]);
      const [found, ...more] = await list({ namespace, serviceAccount: one.serviceAccount });
      expect(more).to.deep.equal([]);
      expect(found).to.include({ associationId: one.associationId, namespace, serviceAccount: one.serviceAccount });
      expect(found).to.not.have.property('roleArn');
    },
  },
  {
    title: 'lists associations page by page',
    concern: 'paging',
    source: LIST,
    deviations: {
      ministack: { instead: 'It gives no token, and so the first page alone.', seen: /to have the same members as/, source: LIST },
    },
    async holds(subject) {
      const { eks, cluster: clusterName } = subject;
      const namespace = unique('namespace');
      const made = await Promise.all([create(subject, { namespace }), create(subject, { namespace }), create(subject, { namespace })]);
      const pages = await everyPage(async (nextToken) => {
        const page = await eks.send(new ListPodIdentityAssociationsCommand({ clusterName, namespace, maxResults: 2, nextToken }));
        expect(page.associations?.length).to.be.at.most(2);
        return [page.associations, page.nextToken];
      });
      expect(pages.map(({ associationId }) => associationId)).to.have.members(made.map(({ associationId }) => associationId));
    },
  },
  {
    title: 'refuses a second association of a service account with 409 and ResourceInUseException',
    concern: 'conflicts',
    async holds(subject) {
      const { serviceAccount } = await create(subject);
      expect(await refusalOf(create(subject, { serviceAccount }))).to.include({ name: 'ResourceInUseException', status: 409 });
    },
  },
  {
    title: 'updates the role of an association, and deletes it',
    concern: 'writes',
    async holds(subject) {
      const { eks, otherPodRole: roleArn } = subject;
      const made = await create(subject);
      await eks.send(new UpdatePodIdentityAssociationCommand({ ...nameOf(made), roleArn }));
      const { association } = await eks.send(new DescribePodIdentityAssociationCommand(nameOf(made)));
      expect(association?.roleArn).to.equal(roleArn);
      await eks.send(new DeletePodIdentityAssociationCommand(nameOf(made)));
      const gone = await refusalOf(eks.send(new DescribePodIdentityAssociationCommand(nameOf(made))));
      expect(gone).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'makes an external id for the target role of an association',
    concern: 'writes',
    async holds(subject) {
      const made = await create(subject, { targetRoleArn: 'arn:aws:iam::444455556666:role/far' });
      const { association } = await subject.eks.send(new DescribePodIdentityAssociationCommand(nameOf(made)));
      expect(association?.targetRoleArn).to.equal('arn:aws:iam::444455556666:role/far');
      expect(association?.externalId, 'externalId').to.be.a('string').and.not.equal('');
    },
  },
  {
    title: 'refuses a role that does not exist',
    concern: 'validation',
    source: CREATE,
    deviations: { ministack: accepts(CREATE) },
    async holds(subject) {
      const refusal = await refusalOf(create(subject, { roleArn: `arn:aws:iam::${subject.account}:role/${unique('missing')}` }));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
      expect(refusal.message).to.match(/does not exist/);
    },
  },
  {
    title: 'refuses a role whose trust policy does not let pods.eks.amazonaws.com in',
    concern: 'validation',
    source: TRUST,
    deviations: { ministack: accepts(TRUST) },
    async holds(subject) {
      const refusal = await refusalOf(create(subject, { roleArn: subject.nodeRole }));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
      expect(refusal.message).to.match(/^Trust policy of the role/);
    },
  },
  {
    title: 'takes a session policy only without session tags',
    concern: 'validation',
    source: UPDATE,
    deviations: { ministack: accepts(UPDATE) },
    async holds(subject) {
      const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] });
      const refusal = await refusalOf(create(subject, { policy }));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
      const made = await create(subject, { policy, disableSessionTags: true });
      expect(made).to.include({ policy, disableSessionTags: true });
    },
  },
  {
    title: 'tags an association by its ARN',
    concern: 'writes',
    source: TAG,
    deviations: { ministack: { instead: 'It tags no pod identity associations.', seen: /Invalid resourceArn/, source: TAG } },
    async holds(subject) {
      const { associationArn: resourceArn } = await create(subject);
      await subject.eks.send(new TagResourceCommand({ resourceArn, tags: { team: 'cart' } }));
      expect((await subject.eks.send(new ListTagsForResourceCommand({ resourceArn }))).tags).to.deep.equal({ team: 'cart' });
    },
  },
  {
    title: 'takes at most 1,000 associations for a cluster',
    concern: 'limits',
    source: QUOTAS,
    servedBy: [],
    async holds(subject) {
      const clusterName = await subject.makeCluster();
      for (let start = 0; start < 1_000; start += 50)
        await Promise.all(
          Array.from({ length: 50 }, (_, index) => create(subject, { clusterName, serviceAccount: `account-${start + index}` })),
        );
      const refusal = await refusalOf(create(subject, { clusterName, serviceAccount: 'one-more' }));
      expect(refusal).to.include({ name: 'ResourceLimitExceededException', status: 400 });
    },
  },
];
