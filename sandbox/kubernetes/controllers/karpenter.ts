import { launchInstance, terminateInstance } from '../../ec2/instances.ts';
import { ec2Region } from '../../ec2/network.ts';
import { conditionOf, isTrue, statusWith } from '../conditions.ts';
import { nextSuffix } from '../ids.ts';
import { at, type Fields, isFields, type KubeObject, listAt, stringsAt, textAt } from '../object.ts';
import { schedule } from '../schedule.ts';
import { all, type Context, find, put, release, remove } from '../store.ts';
import { ensureProfile, ensureTemplate, removeLaunchThings } from './karpenter-launch.ts';
import { joinNodes } from './nodes.ts';
import { isRunning } from './platform.ts';
import { controllerReference } from './pod-state.ts';

const CLASSES = 'karpenter.k8s.aws/ec2nodeclasses';
const POOLS = 'karpenter.sh/nodepools';
const CLAIMS = 'karpenter.sh/nodeclaims';
const POOL_LABEL = 'karpenter.sh/nodepool';
const CLAIM_FINALIZER = 'karpenter.sh/termination';
const CLASS_FINALIZER = 'karpenter.k8s.aws/termination';

/** From the launch of an instance to its node (ms of sandbox time). */
const JOIN_AFTER = 45_000;
/** How many pending pods one new node is brought for. */
const PODS_PER_CLAIM = 60;

/** What Karpenter does, where it runs: judges its classes and pools, brings nodes for pods that wait, and takes them away. */
export function reconcileKarpenter(context: Context): void {
  if (!isRunning(context, isKarpenter)) return;
  for (const nodeClass of all(context.cluster, CLASSES)) judgeClass(context, nodeClass);
  for (const pool of all(context.cluster, POOLS)) judgePool(context, pool);
  for (const claim of all(context.cluster, CLAIMS)) lookAfter(context, claim);
  for (const pool of all(context.cluster, POOLS)) provision(context, pool);
}

function isKarpenter(deployment: KubeObject): boolean {
  return deployment.metadata.labels?.['app.kubernetes.io/name'] === 'karpenter';
}

function judgeClass(context: Context, nodeClass: KubeObject): void {
  const { name } = nodeClass.metadata;
  const isUsed = all(context.cluster, CLAIMS).some((claim) => textAt(claim, 'spec', 'nodeClassRef', 'name') === name);
  if (nodeClass.metadata.deletionTimestamp !== undefined) {
    if (isUsed) return;
    removeLaunchThings(context, name);
    release(context, CLASSES, nodeClass, CLASS_FINALIZER);
    return;
  }
  const { world, cluster } = context;
  const vpcId = world.eks.clusters[`${cluster.region}/${cluster.cluster}`]?.vpc.vpcId ?? '';
  const network = ec2Region(world, cluster.region);
  const within = <T extends { readonly vpcId: string }>(things: Readonly<Record<string, T>>): T[] =>
    Object.values(things).filter((thing) => thing.vpcId === vpcId);
  const [role, profile] = [textAt(nodeClass, 'spec', 'role'), textAt(nodeClass, 'spec', 'instanceProfile')];
  const problems: Readonly<Record<string, string | null>> = {
    SubnetsReady: listAt(nodeClass, 'spec', 'subnetSelectorTerms').some((term) => within(network.subnets).some(chosenBy(term)))
      ? null
      : 'SubnetSelector did not match any Subnets',
    SecurityGroupsReady: listAt(nodeClass, 'spec', 'securityGroupSelectorTerms').some((term) =>
      within(network.securityGroups).some(chosenBy(term)),
    )
      ? null
      : 'SecurityGroupSelector did not match any SecurityGroups',
    AMIsReady: null,
    InstanceProfileReady: role === undefined || world.iam.roles[role] !== undefined ? null : `role ${role} not found`,
    ValidationSucceeded: (role === undefined) === (profile === undefined) ? 'exactly one of role, instanceProfile must be given' : null,
  };
  if (role !== undefined && problems.InstanceProfileReady === null) ensureProfile(context, nodeClass, role);
  const finalizers = [...new Set([...(nodeClass.metadata.finalizers ?? []), CLASS_FINALIZER])];
  put(context, CLASSES, {
    ...nodeClass,
    metadata: { ...nodeClass.metadata, finalizers },
    status: judged(context, nodeClass, problems),
  });
}

/** Of a term all must hold; `*` stands for any value. */
function chosenBy(term: unknown): (thing: { readonly id: string; readonly tags: Readonly<Record<string, string>> }) => boolean {
  const tags = Object.entries(stringsAt(term, 'tags'));
  const id = textAt(term, 'id');
  return (thing) =>
    (id === undefined || id === thing.id) && tags.every(([key, value]) => (value === '*' ? key in thing.tags : thing.tags[key] === value));
}

function judgePool(context: Context, pool: KubeObject): void {
  if (pool.metadata.deletionTimestamp !== undefined) return;
  const name = textAt(pool, 'spec', 'template', 'spec', 'nodeClassRef', 'name') ?? '';
  const nodeClass = find(context.cluster, CLASSES, name);
  const isReady = nodeClass !== undefined && conditionOf(nodeClass, 'Ready')?.status === 'True';
  const problems = { ValidationSucceeded: null, NodeClassReady: isReady ? null : `NodeClass ${name} is not ready` };
  put(context, POOLS, { ...pool, status: judged(context, pool, problems) });
}

/** Conditions with Ready as their sum. */
function judged(context: Context, object: KubeObject, problems: Readonly<Record<string, string | null>>): Fields {
  const bad = Object.entries(problems).flatMap(([type, problem]) => (problem === null ? [] : [`${type}=False`]));
  const conditions = Object.entries({ ...problems, Ready: bad.length === 0 ? null : bad.join(', ') }).map(([type, message]) =>
    message === null
      ? { type, status: 'True' as const, reason: type, message: '' }
      : { type, status: 'False' as const, reason: 'NotReady', message },
  );
  return statusWith(object, context.now, conditions, {});
}

/** Claims for the pods that no node has room for and whose selector this pool can satisfy. */
function provision(context: Context, pool: KubeObject): void {
  const { cluster, world, now } = context;
  if (pool.metadata.deletionTimestamp !== undefined || conditionOf(pool, 'Ready')?.status !== 'True') return;
  const labels: Record<string, string> = { ...stringsAt(pool, 'spec', 'template', 'metadata', 'labels'), [POOL_LABEL]: pool.metadata.name };
  const waiting = all(cluster, 'core/pods').filter(
    (pod) =>
      conditionOf(pod, 'PodScheduled')?.status === 'False' &&
      pod.metadata.deletionTimestamp === undefined &&
      Object.entries(stringsAt(pod, 'spec', 'nodeSelector')).every(([key, value]) => key === 'kubernetes.io/os' || labels[key] === value),
  );
  const coming = all(cluster, CLAIMS).filter(
    (claim) => claim.metadata.labels?.[POOL_LABEL] === pool.metadata.name && conditionOf(claim, 'Ready')?.status !== 'True',
  );
  const wanted = Math.ceil(waiting.length / PODS_PER_CLAIM) - coming.length;
  const nodeClassRef = at(pool, 'spec', 'template', 'spec', 'nodeClassRef');
  for (let index = 0; index < wanted; index += 1) {
    const name = `${pool.metadata.name}-${nextSuffix(cluster)}`;
    const vpcId = world.eks.clusters[`${cluster.region}/${cluster.cluster}`]?.vpc.vpcId ?? '';
    ensureTemplate(context, nodeClassRef, pool.metadata.name);
    const instance = launchInstance(
      world,
      cluster.region,
      {
        type: 'm7i.2xlarge',
        zone: `${cluster.region}a`,
        vpcId,
        tags: {
          ...classTags(context, nodeClassRef),
          [`kubernetes.io/cluster/${cluster.cluster}`]: 'owned',
          'eks:eks-cluster-name': cluster.cluster,
          'karpenter.sh/nodepool': pool.metadata.name,
          'karpenter.sh/nodeclaim': name,
        },
      },
      now,
    );
    const claim = put(context, CLAIMS, {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodeClaim',
      metadata: { name, labels, finalizers: [CLAIM_FINALIZER], ownerReferences: [{ ...controllerReference(pool), controller: false }] },
      spec: { nodeClassRef, requirements: at(pool, 'spec', 'template', 'spec', 'requirements') ?? [] },
    });
    const status = { providerID: `aws:///${instance.zone}/${instance.id}`, nodeName: '' };
    put(context, CLAIMS, { ...claim, status: statusWith(claim, now, stages('launched'), status) });
    // A task of its own: the next change does not bring this one forward.
    schedule(cluster, `karpenter ${name}`, now + JOIN_AFTER);
  }
}

function classTags({ cluster }: Context, nodeClassRef: unknown): Readonly<Record<string, string>> {
  return stringsAt(find(cluster, CLASSES, textAt(nodeClassRef, 'name') ?? ''), 'spec', 'tags');
}

/** What a claim goes through, each with what Karpenter says while it has not come so far. */
const STAGES = [
  { type: 'Launched', reason: 'LaunchPending', message: 'Instance not launched' },
  { type: 'Registered', reason: 'NodeNotFound', message: 'Node not registered with cluster' },
  { type: 'Initialized', reason: 'NodeNotReady', message: 'Node status is NotReady' },
  { type: 'Ready', reason: 'UnhealthyDependents', message: 'Node status is NotReady' },
] as const;

type Stage = 'launched' | 'registered' | 'ready';

function stages(stage: Stage): Parameters<typeof statusWith>[2] {
  const done = { launched: 1, registered: 2, ready: STAGES.length }[stage];
  return STAGES.map(({ type, reason, message }, index) =>
    index < done
      ? ({ type, status: 'True', reason: type, message: '' } as const)
      : ({ type, status: 'Unknown', reason, message: STAGES[done]?.message ?? message } as const),
  );
}

/**
 * A claim whose instance has had the time to join gets its node, if its role may, and is ready once the node is; one that is deleted goes with
 * node and instance.
 */
function lookAfter(context: Context, claim: KubeObject): void {
  const { cluster, world, now } = context;
  const nodeName = textAt(claim, 'status', 'nodeName') ?? '';
  const instance = (textAt(claim, 'status', 'providerID') ?? '').split('/').at(-1) ?? '';
  if (claim.metadata.deletionTimestamp !== undefined) {
    if (nodeName !== '') remove(context, 'core/nodes', nodeName);
    terminateInstance(world, cluster.region, instance, now);
    release(context, CLAIMS, claim, CLAIM_FINALIZER);
    schedule(cluster, 'karpenter changed', now + 1_000);
    return;
  }
  if (nodeName === '') join(context, claim, instance);
  else if (!isTrue(claim, 'Ready') && isTrue(find(cluster, 'core/nodes', nodeName), 'Ready')) advance(context, claim, 'ready', nodeName);
}

function join(context: Context, claim: KubeObject, instanceId: string): void {
  const { cluster, now } = context;
  const due = Date.parse(claim.metadata.creationTimestamp ?? '') + JOIN_AFTER;
  if (now < due || !mayJoin(context, claim)) return;
  const before = new Set(all(cluster, 'core/nodes').map((node) => node.metadata.name));
  joinNodes(context, 1, { instanceType: 'm7i.2xlarge', labels: claim.metadata.labels ?? {}, instanceId });
  const joined = all(cluster, 'core/nodes').find((node) => !before.has(node.metadata.name))?.metadata.name ?? '';
  advance(context, claim, 'registered', joined);
}

function advance(context: Context, claim: KubeObject, stage: Stage, nodeName: string): void {
  const status = { ...(isFields(claim.status) ? claim.status : {}), nodeName };
  put(context, CLAIMS, { ...claim, status: statusWith({ ...claim, status }, context.now, stages(stage), status) });
}

/** A node logs in as its role, by an access entry of type EC2_LINUX. */
function mayJoin({ world, cluster }: Context, claim: KubeObject): boolean {
  const nodeClass = find(cluster, CLASSES, textAt(claim, 'spec', 'nodeClassRef', 'name') ?? '');
  const role = world.iam.roles[textAt(nodeClass, 'spec', 'role') ?? ''];
  const entries = world.eks.clusters[`${cluster.region}/${cluster.cluster}`]?.accessEntries ?? {};
  return role !== undefined && entries[role.arn]?.type === 'EC2_LINUX';
}
