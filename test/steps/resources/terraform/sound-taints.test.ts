import { expect } from 'chai';
import { ec2 } from '../../../../sandbox/ec2/system.ts';
import { eks } from '../../../../sandbox/eks/system.ts';
import { iam } from '../../../../sandbox/iam/system.ts';
import { sts } from '../../../../sandbox/sts/system.ts';
import type { Terraform } from '../../../../steps/clients/terraform.ts';
import type { HeldResource } from '../../../../steps/clients/terraform-types.ts';
import { soundTaints } from '../../../../steps/resources/terraform/sound-taints.ts';
import { terraformTaint } from '../../../../steps/resources/terraform-taint.ts';
import { CLUSTER, REGION, RUN, seedRunningCluster } from '../../cluster.ts';
import { bareWorld, type Remote, startRemote } from '../../remote.ts';

const stack = { directory: 'terraform', stateKey: `eks-dr/${RUN}.tfstate`, region: REGION };
const cluster: HeldResource = {
  address: 'module.eks.aws_eks_cluster.this[0]',
  type: 'aws_eks_cluster',
  values: { id: CLUSTER, tags_all: { 'eks-dr:run': RUN } },
  tainted: true,
  dependsOn: [],
};

describe('a taint in the state of a run', () => {
  let remote: Remote;
  let nodeGroup: HeldResource;

  before(async () => {
    const world = bareWorld();
    seedRunningCluster(world);
    remote = await startRemote([sts, iam, ec2, eks], { world });
    const { nodegroups = [] } = await (await remote.clients.eks(REGION)).listNodegroups({ clusterName: CLUSTER });
    nodeGroup = {
      ...cluster,
      address: 'aws_eks_node_group.base',
      type: 'aws_eks_node_group',
      values: { id: `${CLUSTER}:${nodegroups[0]}` },
    };
  });
  after(() => remote.stop());

  /** A Terraform whose state holds these. */
  const holding = (held: readonly HeldResource[], run: string | null = RUN): (() => Promise<Terraform>) => {
    return async () => ({ resources: async () => held, runOf: () => run }) as unknown as Terraform;
  };
  const soundIn = async (...held: HeldResource[]) => {
    const found = await soundTaints({ eks: remote.clients.eks, terraform: holding(held) }, stack);
    return found.map(({ address, what, status }) => `${address}: ${what}, ${status}`);
  };
  const ownerOf = async (held: HeldResource[], run?: string | null) => {
    const [found] = await terraformTaint.look({ terraform: holding(held, run) }, [
      { kind: 'terraform.taint', id: { ...stack, address: cluster.address }, before: { tainted: true }, after: { tainted: false } },
    ]);
    return found?.observed.owner;
  };

  it('of a cluster or a node group counts for nothing where EKS has it without an issue', async () => {
    expect(await soundIn(cluster, nodeGroup)).to.deep.equal([
      'module.eks.aws_eks_cluster.this[0]: cluster, ACTIVE',
      'aws_eks_node_group.base: node group, ACTIVE',
    ]);
  });

  it('is a person’s where something depends on the object, whatever their indexes', async () => {
    const addon = { ...nodeGroup, tainted: false, dependsOn: ['module.eks.aws_eks_cluster.this'] };
    expect(await soundIn(cluster, addon)).to.deep.equal([]);
  });

  it('stays on what EKS does not have or deletes, and on anything else', async () => {
    const gone = { ...cluster, values: { id: 'gone' } };
    const goneGroup = { ...nodeGroup, values: { id: `${CLUSTER}:gone` } };
    const role = { ...cluster, type: 'aws_iam_role', values: { id: 'role' } };
    const unfinished = { ...cluster, values: {} };
    expect(await soundIn(gone, goneGroup, role, unfinished)).to.deep.equal([]);
    const [served] = Object.values(remote.running.sandbox.world.eks.clusters[`${REGION}/${CLUSTER}`]?.nodegroups ?? {});
    if (served === undefined) throw new Error('there is no node group');
    served.status = 'DELETING';
    expect(await soundIn(nodeGroup)).to.deep.equal([]);
    served.status = 'ACTIVE';
  });

  it('may be taken away by its own run alone: not where the object carries the tag of another, nor in a state of others', async () => {
    expect(await ownerOf([cluster])).to.deep.equal({ kind: 'run', run: RUN });
    const others = { ...cluster, values: { id: CLUSTER, tags_all: { 'eks-dr:run': 'recover-9' } } };
    expect(await ownerOf([others])).to.deep.equal({ kind: 'other', detail: `${cluster.address} carries the tag of run recover-9` });
    expect(await ownerOf([cluster], null)).to.deep.include({ kind: 'other' });
    expect(await ownerOf([])).to.deep.equal({ kind: 'nobody' });
  });
});
