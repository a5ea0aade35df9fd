import { CreateClusterCommand, DeleteClusterCommand, DescribeClusterCommand } from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion, Deviation } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { refusalOf } from '../refusal.ts';
import type { Eks } from '../subjects/eks.ts';
import { activeAtOnce } from './active-at-once.ts';
import { makeNodegroup } from './nodegroup.ts';

const CREATE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html';
const DELETE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html';

const NO_TOKENS: Deviation = {
  instead: 'It does not know request tokens.',
  seen: /^ResourceInUseException: Cluster already exists/,
  source: CREATE,
};

/** It depends on how fast it was. */
const SOONER: Deviation = {
  instead: 'It has an endpoint, and is ACTIVE, at once.',
  seen: /expected 'https:..localhost:.*' to equal null|expected 'ACTIVE' to equal 'CREATING'/,
  source: CREATE,
};

export const clusterLife: readonly Assertion<Eks>[] = [
  {
    title: 'creates a cluster that is CREATING at first, without an endpoint',
    concern: 'consistency',
    source: CREATE,
    deviations: {
      ministack: SOONER,
      moto: activeAtOnce(CREATE),
    },
    async holds({ eks, clusterInput }) {
      const { cluster } = await eks.send(new CreateClusterCommand(clusterInput()));
      expect(cluster?.status).to.equal('CREATING');
      expect(cluster?.endpoint ?? null).to.equal(null);
    },
  },
  {
    title: 'brings a new cluster to ACTIVE by itself',
    concern: 'consistency',
    async holds({ eks, clusterInput }) {
      const input = clusterInput();
      await eks.send(new CreateClusterCommand(input));
      const { cluster } = await eventually(
        () => eks.send(new DescribeClusterCommand({ name: input.name })),
        (answer) => answer.cluster?.status !== 'CREATING',
      );
      expect(cluster?.status).to.equal('ACTIVE');
    },
  },
  {
    title: 'refuses a second cluster of a name with 409 and ResourceInUseException',
    concern: 'conflicts',
    async holds({ eks, cluster, clusterInput }) {
      const refusal = await refusalOf(eks.send(new CreateClusterCommand(clusterInput({ name: cluster }))));
      expect(refusal).to.include({ name: 'ResourceInUseException', status: 409 });
    },
  },
  {
    title: 'takes a repeated creation with the same request token for the first one',
    concern: 'conflicts',
    source: CREATE,
    deviations: { ministack: NO_TOKENS, moto: NO_TOKENS },
    async holds({ eks, clusterInput }) {
      const input = clusterInput({ clientRequestToken: 'once' });
      const first = await eks.send(new CreateClusterCommand(input));
      const again = await eks.send(new CreateClusterCommand(input));
      expect(again.cluster?.arn).to.equal(first.cluster?.arn);
      const other = await refusalOf(eks.send(new CreateClusterCommand({ ...input, clientRequestToken: 'twice' })));
      expect(other.name).to.equal('ResourceInUseException');
    },
  },
  {
    title: 'keeps a cluster as long as it has a node group: 409 and ResourceInUseException',
    concern: 'conflicts',
    source: DELETE,
    deviations: { ministack: accepts(DELETE) },
    async holds(subject) {
      const name = await subject.makeCluster();
      await makeNodegroup(subject, { clusterName: name });
      const refusal = await refusalOf(subject.eks.send(new DeleteClusterCommand({ name })));
      expect(refusal).to.include({ name: 'ResourceInUseException', status: 409 });
    },
  },
  {
    title: 'deletes no cluster that does not exist: 404 and ResourceNotFoundException',
    concern: 'not found',
    async holds({ eks }) {
      const refusal = await refusalOf(eks.send(new DeleteClusterCommand({ name: 'no-such-cluster' })));
      expect(refusal).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'answers a deletion with the cluster, and in the end does not know it any more',
    concern: 'consistency',
    async holds({ eks, makeCluster }) {
      const name = await makeCluster();
      const { cluster } = await eks.send(new DeleteClusterCommand({ name }));
      expect(cluster?.name).to.equal(name);
      const gone = await eventually(
        () => refusalOf(eks.send(new DescribeClusterCommand({ name }))).catch(() => null),
        (refusal) => refusal !== null,
      );
      expect(gone?.name).to.equal('ResourceNotFoundException');
    },
  },
  {
    title: 'shows a cluster that goes as DELETING for a while',
    concern: 'consistency',
    source: DELETE,
    deviations: {
      ministack: { instead: 'It is gone at once.', seen: /^ResourceNotFoundException: No cluster found/, source: DELETE },
      moto: { instead: 'It is gone at once, and called ACTIVE to the end.', seen: /expected 'ACTIVE' to equal 'DELETING'/, source: DELETE },
    },
    async holds({ eks, makeCluster }) {
      const name = await makeCluster();
      const { cluster } = await eks.send(new DeleteClusterCommand({ name }));
      expect(cluster?.status).to.equal('DELETING');
      expect((await eks.send(new DescribeClusterCommand({ name }))).cluster?.status).to.equal('DELETING');
    },
  },
];
