import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { eks } from '../../sandbox/eks/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { addNodes, createClusterState } from '../../sandbox/kubernetes/clusters.ts';
import { kubernetes } from '../../sandbox/kubernetes/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import type { Inventory } from '../../steps/inventory/inventory.ts';
import { openNetworkPaths } from '../../steps/open-network-paths.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION, RUN, seedCluster } from './cluster.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { ACCOUNT, bareWorld, type Remote, startRemote } from './remote.ts';
import { applyStep, changesIn, planStep, undoStep } from './walking.ts';

const at = { region: REGION, cluster: CLUSTER };
type Rule = Inventory['networkPaths']['rules'][number];
const DRILL = { 'eks-dr:scope': 'drill' };

describe('open-network-paths', () => {
  let remote: Remote;
  let own: string;
  let vpcId: string;

  beforeEach(async () => {
    const world = bareWorld();
    seedCluster(world);
    remote = await startRemote([sts, iam, ec2, eks, kubernetes], { world });
    createClusterState(remote.running.sandbox, at);
    const { Vpcs = [] } = await (await remote.clients.ec2(REGION)).describeVpcs({});
    vpcId = Vpcs[0]?.VpcId ?? '';
    own = await makeGroup('cluster');
  });
  afterEach(() => remote.stop());

  async function makeGroup(name: string, tags: Record<string, string> = {}, VpcId = vpcId, region = REGION): Promise<string> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const TagSpecifications = Tags.length === 0 ? [] : [{ ResourceType: 'security-group' as const, Tags }];
    const client = await remote.clients.ec2(region);
    return (await client.createSecurityGroup({ VpcId, GroupName: name, Description: name, TagSpecifications })).GroupId ?? '';
  }
  const makeVpc = async (region = REGION): Promise<string> =>
    (await (await remote.clients.ec2(region)).createVpc({ CidrBlock: '10.9.0.0/16' })).Vpc?.VpcId ?? '';
  const ruleOf = (name: string, change: Partial<Rule> = {}): Rule => ({
    group: `sg-${name}`,
    name,
    nameTag: '',
    vpcId: 'vpc-primary',
    region: 'eu-west-1',
    direction: 'ingress',
    protocol: 'tcp',
    from: 5432,
    to: 5432,
    peer: 'sg-primary',
    description: 'PostgreSQL',
    ...change,
  });
  const context = (
    rules: readonly Rule[],
    of: {
      readonly mode?: 'drill' | 'recover';
      readonly paths?: Partial<Estate['networkPaths']>;
      readonly around?: Partial<Inventory['networkPaths']>;
    } = {},
  ) => {
    const connected = { ...at, accountId: ACCOUNT, vpcId, clusterSecurityGroupId: own };
    const networkPaths = { groups: [], rules, natAddresses: [], vpcId: 'vpc-primary', peerings: [], ...of.around };
    const estate = estateWith();
    return contextOf(remote, {
      needs: { connected, inventory: { networkPaths } },
      run: runWith({ mode: of.mode ?? 'recover' }),
      estate: { ...estate, networkPaths: { ...estate.networkPaths, probes: [], ...of.paths } },
    });
  };
  const rulesOf = async (group: string) => {
    const client = await remote.clients.ec2(REGION);
    const { SecurityGroupRules = [] } = await client.describeSecurityGroupRules({ Filters: [{ Name: 'group-id', Values: [group] }] });
    return SecurityGroupRules.filter(({ IsEgress }) => IsEgress === false).map(
      ({ FromPort, ReferencedGroupInfo, Description, Tags }) =>
        `${FromPort} ${ReferencedGroupInfo?.GroupId} ${Description} ${Tags?.[0]?.Value}`,
    );
  };
  const notesOf = async (within: ReturnType<typeof context>) => (await openNetworkPaths.finish(within)).notes.map(({ message }) => message);

  it('gives the groups of the same name in the recovery region the rules that their namesakes had for the primary', async () => {
    const database = await makeGroup('orders-db');
    const cache = await makeGroup('cache-2', { Name: 'sessions' });
    const rules = [ruleOf('orders-db'), ruleOf('cache', { nameTag: 'sessions', from: 6379, to: 6380, description: '' })];
    // The primary is named by two groups of its own: the new cluster is one.
    const within = context([...rules, { ...ruleOf('orders-db'), peer: 'sg-primary-nodes' }]);
    const plan = await planStep(openNetworkPaths, within);
    await applyStep(openNetworkPaths, within, plan);
    expect(await rulesOf(database)).to.deep.equal([`5432 ${own} ${CLUSTER}: PostgreSQL ${RUN}`]);
    expect(await rulesOf(cache)).to.deep.equal([`6379 ${own} ${CLUSTER} ${RUN}`]);
    expect(await openNetworkPaths.finish(within)).to.deep.equal({ rules: 2, notes: [] });
    expect(changesIn(await planStep(openNetworkPaths, within))).to.deep.equal([]);
    await undoStep(openNetworkPaths, within, plan);
    expect([await rulesOf(database), await rulesOf(cache)]).to.deep.equal([[], []]);
  });

  it('adds rules only to groups for drills in a drill, and notes what a recovery would add', async () => {
    const production = await makeGroup('orders-db');
    const drill = await makeGroup('catalog-db', DRILL);
    const within = context([ruleOf('orders-db'), ruleOf('catalog-db')], { mode: 'drill' });
    await applyStep(openNetworkPaths, within, await planStep(openNetworkPaths, within));
    expect([await rulesOf(production), (await rulesOf(drill)).length]).to.deep.equal([[], 1]);
    expect(await notesOf(within)).to.deep.equal([
      `A recovery would let ${CLUSTER} in at orders-db (${production}) in ${REGION} (tcp 5432); a drill changes no rule of production's groups.`,
    ]);
  });

  it('uses the same groups beside the old cluster, if they lie in its VPC or a peered one', async () => {
    const near = await makeGroup('near');
    const [peered, far] = [await makeVpc(), await makeVpc()];
    const there = await makeGroup('there', {}, peered);
    const beyond = await makeGroup('beyond', {}, far);
    const region = remote.running.sandbox.world.ec2.regions[REGION];
    if (region === undefined) throw new Error('no region');
    region.peerings['pcx-1'] = { id: 'pcx-1', requester: peered, accepter: vpcId, status: 'active', tags: {} };
    const rules = [near, there, beyond, 'sg-0123456789abcdef0'].map((group) => ruleOf('any', { group, region: REGION }));
    const within = context(rules);
    await applyStep(openNetworkPaths, within, await planStep(openNetworkPaths, within));
    expect([(await rulesOf(near)).length, (await rulesOf(there)).length, (await rulesOf(beyond)).length]).to.deep.equal([1, 1, 0]);
    const notes = await notesOf(within);
    expect(notes[0]).to.equal(
      `beyond (${beyond}) in ${REGION} lies in ${far}, which is not peered with ${vpcId} of ${CLUSTER}: the services there can't reach it (tcp 5432).`,
    );
    expect(notes[1]).to.match(
      /^any \(sg-0123456789abcdef0\) in eu-central-1, which let in the primary at tcp 5432, does not exist any more/,
    );
  });

  it('notes the groups without a counterpart, and those of other regions, which no rule can name', async () => {
    const west = await makeVpc('eu-west-3');
    await makeGroup('brokers', {}, west, 'eu-west-3');
    const within = context([ruleOf('search', { protocol: '-1', from: -1, to: -1 }), ruleOf('brokers'), ruleOf('left-out')], {
      paths: { regions: ['eu-west-3'], exclude: ['sg-left-out'] },
    });
    expect(await planStep(openNetworkPaths, within)).to.deep.equal([]);
    const [search, brokers, ...more] = await notesOf(within);
    expect(search).to.equal(
      'search (sg-search) in eu-west-1 let in the primary at everything, and no security group of that name is in eu-central-1, eu-west-3.',
    );
    expect(brokers).to.match(/can't let shop-drill-1 in by its security group: rules name groups of their own region alone\.$/);
    expect(more).to.deep.equal([]);
  });

  it('leaves a rule alone that somebody else made already', async () => {
    const database = await makeGroup('orders-db');
    const client = await remote.clients.ec2(REGION);
    const permission = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: own }] };
    await client.authorizeSecurityGroupIngress({ GroupId: database, IpPermissions: [permission] });
    expect(await planStep(openNetworkPaths, context([ruleOf('orders-db')]))).to.deep.equal([]);
  });

  it('notes the addresses and peerings that others know the primary by', async () => {
    const peerings = [{ id: 'pcx-9', vpcId: 'vpc-partner', region: 'eu-west-1', accountId: '444455556666' }];
    const notes = await notesOf(context([], { around: { natAddresses: ['203.0.113.10'], peerings } }));
    expect(notes).to.deep.equal([
      `Partners who let the primary in by its addresses (203.0.113.10) do not know those of ${CLUSTER} (none by NAT gateways of its VPC).`,
      `The VPC of the primary is peered with vpc-partner of account 444455556666 in eu-west-1 (pcx-9); that of ${CLUSTER} is not.`,
    ]);
    expect(await notesOf(context([], { around: { natAddresses: ['203.0.113.10'], peerings, vpcId } }))).to.deep.equal([]);
  });

  it('goes on when a rule was made though its answer was lost', async () => {
    await makeGroup('orders-db');
    const within = context([ruleOf('orders-db')]);
    remote.running.faults.add({ system: 'ec2', operation: 'ec2:AuthorizeSecurityGroupIngress', effect: 'cut-after' });
    await applyStep(openNetworkPaths, within, await planStep(openNetworkPaths, within));
    expect(changesIn(await planStep(openNetworkPaths, within))).to.deep.equal([]);
  });

  describe('with probes', () => {
    const probe = { name: 'orders-db', host: 'orders.db.example.com', port: 5432, namespace: 'default' };
    const probing = (image = 'busybox:1.37') => context([], { mode: 'drill', paths: { probes: [probe], probeImage: image } });
    const jobs = async () => (await remote.clients.kubernetes(at)).list({ apiVersion: 'batch/v1', kind: 'Job' });

    beforeEach(() => addNodes(remote.running.sandbox, at, 1, { nodegroup: 'system', instanceType: 'm7i.large', labels: {} }));

    it('tries each connection from a pod, waits until it works, and leaves nothing of it', async () => {
      const within = probing();
      const plan = await planStep(openNetworkPaths, within);
      await applyStep(openNetworkPaths, within, plan);
      const [job] = await jobs();
      expect(job?.metadata.name).to.equal('eks-dr-probe-orders-db');
      expect(JSON.stringify(job?.spec)).to.contain('nc -z -w 5').and.contain('orders.db.example.com').and.contain('5432');
      expect(changesIn(await planStep(openNetworkPaths, within))).to.deep.equal([]);
      await undoStep(openNetworkPaths, within, plan);
      expect(await jobs()).to.deep.equal([]);
    });

    it('is unhealthy with the host, the port and what to look at when it does not work', async () => {
      const within = probing('busybox:missing');
      const error = await failure('unhealthy', applyStep(openNetworkPaths, within, await planStep(openNetworkPaths, within)));
      expect(error.message).to.match(
        /^No pod of shop-drill-1 reaches orders\.db\.example\.com:5432 \(its pod does not start: \w*Image\w*\)\.$/,
      );
      expect(error.remedy).to.match(/describe job eks-dr-probe-orders-db .* the security group behind it \(port 5432/);
    });
  });
});
