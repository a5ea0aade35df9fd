import { expect } from 'chai';
import type { Chart, Json } from '../../../sandbox/charts/chart.ts';
import { karpenter } from '../../../sandbox/charts/karpenter.ts';
import { karpenterCrd } from '../../../sandbox/charts/karpenter-crd.ts';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import type { Instance } from '../../../sandbox/ec2/state.ts';
import { newAccessEntry } from '../../../sandbox/eks/access-entry.ts';
import { conditionOf } from '../../../sandbox/kubernetes/conditions.ts';
import { deleteManifest } from '../../../sandbox/kubernetes/delivery.ts';
import type { KubeObject } from '../../../sandbox/kubernetes/object.ts';
import { seedObjects, settleCluster } from '../../../sandbox/kubernetes/seed.ts';
import { all } from '../../../sandbox/kubernetes/store.ts';
import type { Sandbox } from '../../../sandbox/system.ts';
import type { World } from '../../../sandbox/world.ts';
import { nodeRole, shop, shopWorld, worldClock } from './platform.ts';

const MINUTE = 60_000;
const TAG = 'karpenter.sh/discovery';
const POOL = 'karpenter.sh/nodepool';

const nodeClass = (change: object = {}): KubeObject => ({
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name: 'default' },
  spec: {
    role: 'eks-node',
    amiSelectorTerms: [{ alias: 'al2023@latest' }],
    subnetSelectorTerms: [{ tags: { [TAG]: shop.cluster } }],
    securityGroupSelectorTerms: [{ tags: { [TAG]: shop.cluster } }],
    tags: { team: 'platform' },
    ...change,
  },
});

const nodePool = (nodeClassName = 'default'): KubeObject => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'default' },
  spec: {
    template: {
      spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: nodeClassName }, requirements: [] },
    },
  },
});

/** Pods that fit on nodes of the pool alone. */
const waiting = (replicas: number): KubeObject => {
  const labels = { app: 'waiting' };
  const spec = { nodeSelector: { [POOL]: 'default' }, containers: [{ name: 'main', image: 'example.com/main:1' }] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'waiting', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
};

describe('sandbox: Karpenter', () => {
  let world: World;
  let now: number;

  beforeEach(() => {
    world = shopWorld();
    now = worldClock;
    const { subnets, securityGroups } = defaultNetwork(world, shop.region);
    for (const { tags } of [...subnets, ...securityGroups]) tags[TAG] = shop.cluster;
  });

  const cluster = () => {
    const state = world.kubernetes.clusters[`${shop.region}/${shop.cluster}`];
    if (state === undefined) throw new Error('the world has no cluster');
    return state;
  };
  const objects = (resource: string): readonly KubeObject[] => all(cluster(), resource);
  const condition = (resource: string, type: string) => {
    const [object] = objects(resource);
    const { status, message = '' } = conditionOf(object, type) ?? {};
    return `${status}: ${message}`;
  };
  const instances = (): Instance[] => Object.values(world.ec2.regions[shop.region]?.instances ?? {});
  const running = (): Instance[] => instances().filter(({ terminatedAt }) => terminatedAt === null);
  const ownNodes = (): readonly KubeObject[] => objects('core/nodes').filter(({ metadata }) => metadata.labels?.[POOL] === 'default');
  const pass = (ms: number): void => {
    now += ms;
    settleCluster(world, shop, now);
  };
  const apply = (...wanted: readonly KubeObject[]): void => seedObjects(world, shop, wanted, 'test', now);
  const install = (chart: Chart, values: Json): void => {
    const rendered = chart.render(values, { name: chart.name, namespace: 'kube-system', skipCrds: true, salt: 'a' });
    apply(...(rendered as unknown as KubeObject[]));
  };
  /** The definitions, Karpenter, and an access entry for its nodes. */
  const start = (entry: 'EC2_LINUX' | null = 'EC2_LINUX'): void => {
    install(karpenterCrd, {});
    install(karpenter, { settings: { clusterName: shop.cluster } });
    const eks = world.eks.clusters[`${shop.region}/${shop.cluster}`];
    if (eks === undefined) throw new Error('the world has no cluster');
    delete eks.accessEntries[nodeRole];
    const wish = { ...shop, principalArn: nodeRole, now };
    if (entry !== null) eks.accessEntries[nodeRole] = newAccessEntry(world, { ...wish, type: entry });
    pass(3 * MINUTE);
  };

  it('does nothing before its pods run', () => {
    install(karpenterCrd, {});
    apply(nodeClass(), nodePool());
    pass(3 * MINUTE);
    expect(conditionOf(objects('karpenter.sh/nodepools')[0], 'Ready')).to.equal(undefined);
  });

  it('says of a class what it does not find, and of a pool that its class is not ready', () => {
    start();
    apply(nodeClass({ role: 'nobody', subnetSelectorTerms: [{ tags: { [TAG]: 'another' } }] }), nodePool());
    pass(MINUTE);
    const classes = 'karpenter.k8s.aws/ec2nodeclasses';
    expect(condition(classes, 'SubnetsReady')).to.equal('False: SubnetSelector did not match any Subnets');
    expect(condition(classes, 'InstanceProfileReady')).to.equal('False: role nobody not found');
    expect(condition(classes, 'SecurityGroupsReady')).to.equal('True: ');
    expect(condition(classes, 'Ready')).to.equal('False: SubnetsReady=False, InstanceProfileReady=False');
    expect(condition('karpenter.sh/nodepools', 'Ready')).to.equal('False: NodeClassReady=False');
    apply(waiting(1));
    pass(5 * MINUTE);
    expect(instances()).to.deep.equal([]);
  });

  it('brings one node for a pod that waits: an instance, its node, and a claim that is ready only with the node', () => {
    start();
    apply(nodeClass(), nodePool(), waiting(1));
    const seen: string[] = [];
    for (let second = 0; second < 240; second += 1) {
      pass(1_000);
      const [node] = ownNodes();
      const [claim] = objects('karpenter.sh/nodeclaims');
      const stages = ['Launched', 'Registered', 'Initialized', 'Ready'].filter((type) => conditionOf(claim, type)?.status === 'True');
      const state = node === undefined ? 'no node' : conditionOf(node, 'Ready')?.status === 'True' ? 'node ready' : 'node not ready';
      const line = `${state}: ${stages.join(' ')}`;
      if (claim !== undefined && seen.at(-1) !== line) seen.push(line);
    }
    expect(seen.filter((line) => line !== 'node ready: Launched Registered')).to.deep.equal([
      'no node: Launched',
      'node not ready: Launched Registered',
      'node ready: Launched Registered Initialized Ready',
    ]);
    expect(running()).to.have.length(1);
    expect(ownNodes()).to.have.length(1);
    expect(objects('core/pods').find(({ metadata }) => metadata.labels?.app === 'waiting')?.status).to.include({ phase: 'Running' });
  });

  it('tags its instances by cluster, pool and claim, and as the class says', () => {
    start();
    apply(nodeClass(), nodePool(), waiting(1));
    pass(2 * MINUTE);
    const [claim] = objects('karpenter.sh/nodeclaims');
    expect(running()[0]?.tags).to.deep.equal({
      team: 'platform',
      'kubernetes.io/cluster/shop-prod': 'owned',
      'eks:eks-cluster-name': 'shop-prod',
      [POOL]: 'default',
      'karpenter.sh/nodeclaim': claim?.metadata.name,
    });
    expect(ownNodes()[0]).to.have.nested.property('spec.providerID').that.contains(running()[0]?.id);
  });

  it('brings as many nodes as the pods fill, and no more however often it looks', () => {
    start();
    apply(nodeClass(), nodePool(), waiting(130));
    pass(10 * MINUTE);
    const pods = objects('core/pods').filter(({ metadata }) => metadata.labels?.app === 'waiting');
    expect(pods.filter(({ spec }) => (spec as { nodeName?: string }).nodeName === undefined)).to.deep.equal([]);
    expect(ownNodes()).to.have.length(3);
    expect(running()).to.have.length(3);
  });

  it('launches instances that never join where their role has no access entry for nodes', () => {
    start(null);
    apply(nodeClass(), nodePool(), waiting(1));
    pass(15 * MINUTE);
    expect(running()).to.have.length(1);
    expect(ownNodes()).to.deep.equal([]);
    expect(condition('karpenter.sh/nodeclaims', 'Registered')).to.equal('Unknown: Node not registered with cluster');
  });

  it('takes node and instance away with the pool, and holds the class until then', () => {
    start();
    apply(nodeClass(), nodePool(), waiting(1));
    pass(5 * MINUTE);
    const sandbox = { world, clock: { now: () => now } } as unknown as Sandbox;
    const remove = ({ apiVersion, kind, metadata: { name } }: KubeObject): void =>
      deleteManifest(sandbox, shop, { apiVersion, kind, name });
    remove(nodeClass());
    pass(MINUTE);
    expect(objects('karpenter.k8s.aws/ec2nodeclasses')).to.have.length(1);
    remove(nodePool());
    pass(5 * MINUTE);
    expect(objects('karpenter.sh/nodeclaims')).to.deep.equal([]);
    expect(ownNodes()).to.deep.equal([]);
    expect(running()).to.deep.equal([]);
    expect(objects('karpenter.k8s.aws/ec2nodeclasses')).to.deep.equal([]);
  });
});
