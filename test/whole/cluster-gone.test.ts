import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EKS, waitUntilClusterDeleted, waitUntilNodegroupDeleted } from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { dumpWorld } from '../../sandbox/dump.ts';
import { ec2Region } from '../../sandbox/ec2/network.ts';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { startFullSandbox } from '../../sandbox/start.ts';
import { allSystems } from '../../sandbox/systems.ts';
import type { World } from '../../sandbox/world.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { worldDifferences } from '../../scripts/drill/differences.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';
import { plan } from '../../steps/kit/plan.ts';
import { clientConfig } from '../sandbox/aws-sandbox.ts';
import { atTerminal, inSandbox } from '../stages/at-terminal.ts';

const root = join(import.meta.dirname, '..', '..');
const SCALE = 80;
const REGION = 'eu-central-1';

// One story: the second part begins again where the drill of the first one had ended.
describe('the clean-up after a drill of the small shop whose cluster is gone', function () {
  this.timeout(240_000);
  this.bail(true);
  let sandbox: RunningSandbox;
  let folder: string;
  let start: unknown;
  let drilled: World;

  before(async () => {
    const world = shopWorld({ services: 'small' });
    leaveBehind(world, 'shop-prod', 'f');
    sandbox = await startFullSandbox({ world, scale: SCALE });
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-gone-'));
    start = dump();
    const { status, said } = await cli('run', '--mode', 'drill', '--estate', join(root, 'examples', 'shop', 'eks-dr.yaml'));
    expect(status, said).to.equal(0);
    leaveBehind(sandbox.sandbox.world, await clusterName(), 'a');
    drilled = { ...structuredClone(sandbox.sandbox.world), clock: sandbox.sandbox.clock.now() };
    await cp(run(), join(folder, 'drilled'), { recursive: true });
  });
  after(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (): string => join(folder, 'run');
  const dump = (): unknown => JSON.parse(JSON.stringify(dumpWorld(sandbox.sandbox.world, allSystems)));
  const left = (): string[] => unexplained(worldDifferences(start, dump())).map(({ path }) => path);

  async function clusterName(): Promise<string> {
    return `shop-${(JSON.parse(await readFile(join(run(), 'run.json'), 'utf8')) as { id: string }).id}`;
  }

  async function cli(...args: string[]): Promise<{ status: number; said: string }> {
    const { status, screen } = await atTerminal(await inSandbox(sandbox, { home: folder, scale: SCALE }), [
      ...args,
      '--run',
      run(),
      '--approve',
      'all',
    ]);
    return { status, said: screen };
  }

  /** The changes of the undo plans, and what they say went with the cluster. */
  async function undone(): Promise<{ kinds: Set<string>; gone: Set<string> }> {
    const names = (await readdir(run())).filter((name) => name.endsWith('.plan.json'));
    const plans = await Promise.all(names.map(async (name) => plan.parse(JSON.parse(await readFile(join(run(), name), 'utf8')))));
    const undos = plans.filter(({ direction }) => direction === 'undo');
    const kinds = undos.flatMap(({ items }) => items.flat().flatMap((item) => ('kind' in item ? item.kind : [])));
    return { kinds: new Set(kinds), gone: new Set(undos.flatMap(({ goneWithCluster = [] }) => goneWithCluster.map(({ kind }) => kind))) };
  }

  it('is refused while the cluster answers: the normal way is better', async () => {
    const before = dump();
    const { status, said } = await cli('undo', '--cluster-gone');
    expect(status, said).to.not.equal(0);
    expect(said).to.contain('answers. The normal way is better').and.contain('Leave out --cluster-gone.');
    expect(worldDifferences(before, dump())).to.deep.equal([]);
  });

  it('leaves the world as it was where its API can not be reached, without a request to it', async () => {
    sandbox.faults.add({ system: 'kubernetes', operation: '*', region: REGION, times: 'always', effect: 'cut-before' });
    const { status, said } = await cli('undo', '--cluster-gone');
    expect(status, said).to.equal(0);
    expect(left()).to.deep.equal([]);
    expect(said).to.contain('Nothing of this run is left in');
    const { kinds, gone } = await undone();
    expect([...gone].toSorted()).to.deep.equal(['kubernetes.object', 'kubernetes.secret']);
    expect([...kinds].filter((kind) => kind.startsWith('kubernetes.'))).to.deep.equal([]);
    expect([...kinds]).to.include.members(['argocd.application-alone', 'elb.load-balancer', 'elb.target-group', 'ec2.instance']);
    expect([...kinds]).to.include.members([
      'ec2.launch-template',
      'iam.instance-profile',
      'ec2.volume',
      'ec2.network-interface',
      'ec2.security-group',
      'terraform.stack',
    ]);
  });

  it('leaves the world as it was where somebody deleted the cluster by hand', async () => {
    await sandbox.stop();
    await rm(run(), { recursive: true });
    await cp(join(folder, 'drilled'), run(), { recursive: true });
    sandbox = await startFullSandbox({ world: drilled, scale: SCALE });
    await deleteByHand(sandbox, await clusterName());
    const { status, said } = await cli('undo', '--cluster-gone');
    expect(status, said).to.equal(0);
    expect(left()).to.deep.equal([]);
  });
});

/** What controllers of a cluster leave: a volume, a network interface, and a security group that a rule of another one names. */
function leaveBehind(world: World, cluster: string, digit: string): void {
  const region = ec2Region(world, REGION);
  const id = digit.repeat(17);
  const vpc = world.eks.clusters[`${REGION}/${cluster}`]?.vpc ?? {
    vpcId: Object.keys(region.vpcs)[0] ?? '',
    subnetIds: [Object.keys(region.subnets)[0] ?? ''],
  };
  const owned = { [`kubernetes.io/cluster/${cluster}`]: 'owned' };
  const instanceId = Object.values(region.instances).find(({ tags }) => tags['eks:eks-cluster-name'] === cluster)?.id ?? null;
  region.volumes[`vol-${id}`] = {
    id: `vol-${id}`,
    zone: `${REGION}a`,
    sizeGib: 8,
    instanceId,
    tags: { ...owned, 'ebs.csi.aws.com/cluster': 'true' },
  };
  region.securityGroups[`sg-${id}`] = {
    id: `sg-${id}`,
    vpcId: vpc.vpcId,
    name: `k8s-traffic-${cluster}`,
    description: '[k8s] Shared Backend SecurityGroup for LoadBalancer',
    rules: [],
    tags: { 'elbv2.k8s.aws/cluster': cluster, 'elbv2.k8s.aws/resource': 'backend-sg' },
  };
  region.networkInterfaces[`eni-${id}`] = {
    id: `eni-${id}`,
    description: `aws-K8S-i-${id}`,
    vpcId: vpc.vpcId,
    subnetId: vpc.subnetIds[0] ?? '',
    securityGroupIds: [`sg-${id}`],
    instanceId,
    tags: { 'cluster.k8s.amazonaws.com/name': cluster },
  };
  const other = Object.values(region.securityGroups).find(({ vpcId, id: own }) => vpcId === vpc.vpcId && own !== `sg-${id}`);
  const rule = { egress: false, protocol: 'tcp', fromPort: 30_000, toPort: 32_767, group: `sg-${id}`, tags: {} };
  other?.rules.push({ ...rule, id: `sgr-${id}` });
}

async function deleteByHand(running: RunningSandbox, name: string): Promise<void> {
  const eks = new EKS(clientConfig(running, { region: REGION }));
  const { nodegroups = [] } = await eks.listNodegroups({ clusterName: name });
  const wait = { client: eks, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  for (const nodegroupName of nodegroups) await eks.deleteNodegroup({ clusterName: name, nodegroupName });
  for (const nodegroupName of nodegroups) await waitUntilNodegroupDeleted(wait, { clusterName: name, nodegroupName });
  await eks.deleteCluster({ name });
  await waitUntilClusterDeleted(wait, { name });
}
