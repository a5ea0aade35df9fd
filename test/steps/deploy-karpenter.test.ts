import { expect } from 'chai';
import { deployKarpenter } from '../../steps/deploy-karpenter.ts';
import { type Change, isWait } from '../../steps/kit/resource.ts';
import { karpenterNodesGone } from '../../steps/waits/karpenter-nodes-gone.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION, RUN } from './cluster.ts';
import { manifestFolder } from './manifests/folder.ts';
import { at, type Platform, startPlatform } from './platform.ts';
import { ACCOUNT } from './remote.ts';
import { applyStep, changesIn, planStep, waitsIn } from './walking.ts';

const DISCOVERY = { 'karpenter.sh/discovery': CLUSTER };
const ASSOCIATION = 'eks.pod-identity-association';

describe('deploying Karpenter', function () {
  this.timeout(60_000);
  let platform: Platform;

  async function start(nodes = 3): Promise<void> {
    platform = await startPlatform(nodes);
  }

  afterEach(() => platform.stop());

  const applications = async (): Promise<string[]> =>
    (await platform.argocd.listApplications({ selector: `eks-dr/run=${RUN}` }))
      .map(({ metadata }) => metadata.name)
      .filter((name) => /-karpenter/.test(name))
      .toSorted();

  const context = (
    karpenter: object | undefined,
    options: { readonly values?: object; readonly estateFolder?: string; readonly mode?: 'drill' | 'recover' } = {},
  ) => platform.context({ karpenter }, options);
  const instances = () => Object.values(platform.remote.running.sandbox.world.ec2.regions[REGION]?.instances ?? {});

  it('does nothing where the estate has no Karpenter', async () => {
    await start();
    expect(await planStep(deployKarpenter, context(undefined))).to.deep.equal([]);
    expect(await deployKarpenter.finish(context(undefined))).to.deep.equal({ application: null, nodePools: [], nodeClasses: [] });
  });

  it('makes roles, charts and node pools in order, and proves that a node comes', async () => {
    await start();
    const wanted = context({ interruptionQueueOutput: 'queue' }, { values: { queue: 'shop-interruption' } });
    const plan = await planStep(deployKarpenter, wanted);
    const changes = changesIn(plan);
    expect(changes.filter(({ kind }) => kind === 'iam.policy')).to.have.length(6);
    const order = changes.map(({ kind, id }) => (kind === 'kubernetes.object' ? (id.kind ?? '') : kind));
    const first = (kind: string): number => order.indexOf(kind);
    expect([
      first('iam.role'),
      first(ASSOCIATION),
      order.lastIndexOf('argocd.application'),
      first('EC2NodeClass'),
      first('NodePool'),
      first('Job'),
    ]).to.satisfy((positions: number[]) =>
      positions.every((position, index) => position >= 0 && (index === 0 || position > (positions[index - 1] ?? 0))),
    );

    await applyStep(deployKarpenter, wanted, plan);
    expect(await deployKarpenter.finish(wanted)).to.deep.equal({
      application: `${CLUSTER}-karpenter`,
      nodePools: ['default'],
      nodeClasses: ['default'],
    });
    expect(await applications()).to.deep.equal([`${CLUSTER}-karpenter`, `${CLUSTER}-karpenter-crd`]);
    const [application] = await platform.argocd.listApplications({ name: `${CLUSTER}-karpenter` });
    expect(application?.spec).to.have.nested.property('source.helm.skipCrds', true);
    expect(application?.spec).to.have.nested.property('source.helm.valuesObject.settings.interruptionQueue', 'shop-interruption');
    expect(application?.spec).to.have.nested.property('source.helm.valuesObject.replicas', 2);
    const nodeClass = await platform.kubernetes.get({ apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', name: 'default' });
    expect(nodeClass?.spec).to.deep.include({ role: `${CLUSTER}-karpenter-node`, tags: { 'eks-dr:run': RUN } });
    const entry = await (await platform.clients.eks(REGION)).describeAccessEntry({
      clusterName: CLUSTER,
      principalArn: `arn:aws:iam::${ACCOUNT}:role/${CLUSTER}-karpenter-node`,
    });
    expect(entry.accessEntry?.type).to.equal('EC2_LINUX');
    expect(changesIn(await planStep(deployKarpenter, wanted))).to.deep.equal([]);
  });

  it('runs on one node, when there is only one, and proves nothing where the estate says so', async () => {
    await start(1);
    const plan = await planStep(deployKarpenter, context({ proof: 'recover' }));
    expect(waitsIn(plan)).not.to.include('karpenter-brings-node');
    const application = changesIn(plan).find(({ kind, id }) => kind === 'argocd.application' && id.name === `${CLUSTER}-karpenter`);
    expect(application?.after).to.have.nested.property('spec.source.helm.valuesObject.replicas', 1);
    expect(waitsIn(await planStep(deployKarpenter, context({ proof: 'recover' }, { mode: 'recover' })))).to.include(
      'karpenter-brings-node',
    );
  });

  it('uses prepared roles as they are: nothing is written to IAM', async () => {
    await start();
    const roles = { roleArn: `arn:aws:iam::${ACCOUNT}:role/prepared`, nodeRoleArn: `arn:aws:iam::${ACCOUNT}:role/nodes/prepared-node` };
    const changes = changesIn(await planStep(deployKarpenter, context(roles)));
    expect(changes.filter(({ kind }) => kind.startsWith('iam.'))).to.deep.equal([]);
    expect(changes.find(({ kind }) => kind === ASSOCIATION)?.after).to.have.property('roleArn', roles.roleArn);
    expect(changes.find(({ kind }) => kind === 'eks.access-entry')?.id.principalArn).to.equal(roles.nodeRoleArn);
    expect(changes.find(({ id }) => id.kind === 'EC2NodeClass')?.after).to.have.nested.property('spec.role', 'prepared-node');
  });

  it('warns of a queue that a prepared role may not read: one that is not named after the cluster', async () => {
    await start();
    const planned = async (queue: string): Promise<string> => {
      platform.remote.lines.length = 0;
      const roleArn = `arn:aws:iam::${ACCOUNT}:role/prepared`;
      await planStep(deployKarpenter, context({ roleArn, interruptionQueueOutput: 'queue' }, { values: { queue } }));
      return platform.remote.lines.join('\n');
    };
    expect(await planned('shop-interruptions')).to.contain('The interruption queue shop-interruptions does not start with');
    expect(await planned(`${CLUSTER}-interruptions`)).to.not.contain('interruption queue');
  });

  it('refuses to start while no subnet can be discovered, and names the tags and those that lack them', async () => {
    await start();
    for (const subnet of platform.network.subnets) delete subnet.tags['karpenter.sh/discovery'];
    const error = await failure('input-invalid', planStep(deployKarpenter, context({})));
    expect(error.message).to.contain(`no subnet of ${platform.network.vpc.id} is tagged karpenter.sh/discovery = ${CLUSTER}`);
    expect(error.message).to.contain(platform.network.subnets[0]?.id ?? 'a subnet');
    expect(error.remedy).to.contain('aws_subnet');
    expect(error.also).to.deep.equal([]);
  });

  it('needs no tag on the security group that EKS made, and takes those that carry one beside it', async () => {
    await start();
    for (const group of platform.network.securityGroups) delete group.tags['karpenter.sh/discovery'];
    const nodeClass = changesIn(await planStep(deployKarpenter, context({}))).find(({ id }) => id.kind === 'EC2NodeClass');
    expect(nodeClass?.after)
      .to.have.nested.property('spec.securityGroupSelectorTerms')
      .that.deep.equals([{ id: platform.network.securityGroups[0]?.id }, { tags: DISCOVERY }]);
  });

  it('refuses a queue that the Terraform module does not give', async () => {
    await start();
    const error = await failure('input-invalid', planStep(deployKarpenter, context({ interruptionQueueOutput: 'queue' })));
    expect(error.message).to.contain('has no output queue');
    expect(error.target).to.equal('addons.karpenter.interruptionQueueOutput');
    const empty = context({ interruptionQueueOutput: 'queue' }, { values: { queue: null } });
    expect((await failure('input-invalid', planStep(deployKarpenter, empty))).message).to.contain('gives null as output queue');
  });

  it('takes the user’s own node pools, and refuses those that belong to no node class', async () => {
    await start();
    const pool = (name: string, nodeClass: string) => `apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: ${name} }
spec: { template: { spec: { nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: ${nodeClass} }, requirements: [] } } }
`;
    const nodeClass = `apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: own }
spec:
  role: \${nodeRole}
  userData: echo \${HOME}
  amiSelectorTerms: [{ alias: al2023@latest }]
  subnetSelectorTerms: [{ tags: { karpenter.sh/discovery: '*' } }, { id: subnet-0 }]
  securityGroupSelectorTerms: [{ name: default }]
`;
    const good = await manifestFolder({ 'a.yaml': `${pool('big', 'own')}---\n${nodeClass}` });
    const plan = await planStep(deployKarpenter, context({ manifests: 'manifests' }, { estateFolder: good.estateFolder }));
    await good.remove();
    const made = changesIn(plan).find(({ id }) => id.kind === 'EC2NodeClass');
    expect(made?.after).to.have.nested.property('spec.role', `${CLUSTER}-karpenter-node`);
    expect(made?.after).to.have.nested.property('spec.userData', 'echo ${HOME}');

    const refused = async (text: string) => {
      const { estateFolder, remove } = await manifestFolder({ 'a.yaml': text });
      const error = await failure('input-invalid', planStep(deployKarpenter, context({ manifests: 'manifests' }, { estateFolder })));
      await remove();
      return [error, ...error.also].map(({ message }) => message);
    };
    expect(await refused(`${pool('big', 'other')}---\n${nodeClass}`)).to.deep.equal([
      'manifests/a.yaml, document 1, line 1: NodePool big names the EC2NodeClass other, which is not here.',
    ]);
    const elsewhere = nodeClass.replace("discovery: '*'", 'discovery: old').replace('name: default', 'tags: { team: shop }, name: nodes');
    const [subnets, groups] = await refused(`${pool('big', 'own')}---\n${elsewhere}`);
    expect(subnets).to.contain('is tagged karpenter.sh/discovery = old, or id subnet-0');
    expect(groups).to.contain('no security group of').and.to.contain('is name nodes and tagged team = shop');
  });

  it('tells why an EC2NodeClass does not become ready', async () => {
    await start();
    const plan = await planStep(deployKarpenter, context({}));
    for (const subnet of platform.network.subnets) delete subnet.tags['karpenter.sh/discovery'];
    const error = await failure('wait-timed-out', applyStep(deployKarpenter, context({}), plan));
    expect(error.message).to.contain('SubnetsReady is False: SubnetSelector did not match any Subnets');
  });

  it('tells how far a node came that never joins', async () => {
    await start();
    const plan = await planStep(deployKarpenter, context({}));
    const withoutEntry = plan.map((wave) => wave.filter((item) => isWait(item) || item.kind !== 'eks.access-entry'));
    const error = await failure('wait-timed-out', applyStep(deployKarpenter, context({}), withoutEntry));
    expect(error.message).to.contain('Registered is Unknown: Node not registered with cluster');
    expect(error.message).to.contain(`role/${CLUSTER}-karpenter-node have an access entry of type EC2_LINUX`);
  });

  it('goes back: node pools while Karpenter runs, then, when no instance is left, everything else', async () => {
    await start();
    const wanted = context({});
    const plan = await planStep(deployKarpenter, wanted);
    await applyStep(deployKarpenter, wanted, plan);
    expect(instances().some(({ terminatedAt }) => terminatedAt === null)).to.equal(true);
    const applied: Change[] = changesIn(plan);
    const describe = async () => deployKarpenter.undo?.({ ...wanted, applied } as never) ?? [];
    const undoing = { drivers: deployKarpenter.drivers, waits: deployKarpenter.waits, describe };
    platform.remote.lines.splice(0);
    await applyStep(undoing as never, wanted, await planStep(undoing as never, wanted));

    const position = (text: string): number => platform.remote.lines.findIndex((line) => line.startsWith(text));
    const order = [
      'deleted Kubernetes object NodePool default',
      "done: No instance of Karpenter's is left",
      'deleted Kubernetes object EC2NodeClass default',
      `deleted Argo CD application ${CLUSTER}-karpenter`,
      'deleted access entry',
      'deleted IAM role',
    ].map(position);
    expect(order).to.satisfy((all: number[]) => all.every((at, index) => at >= 0 && at > (all[index - 1] ?? -1)));
    expect(instances().filter(({ terminatedAt }) => terminatedAt === null)).to.deep.equal([]);
    expect(await applications()).to.deep.equal([]);
    const { world } = platform.remote.running.sandbox;
    expect(Object.keys(world.iam.roles).filter((name) => name.startsWith(`${CLUSTER}-karpenter`))).to.deep.equal([]);
    expect(JSON.stringify(world.iam.policies)).not.to.contain(`${CLUSTER}-karpenter`);
    expect(await platform.kubernetes.get({ apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', name: 'default' })).to.equal(null);
  });

  it('names the instances that keep it from going back', async () => {
    await start();
    const filters: unknown[] = [];
    const describeInstances = async (input: unknown) => {
      filters.push(input);
      return {
        Reservations: [
          {
            Instances: [
              { InstanceId: 'i-0a', State: { Name: 'running' } },
              { InstanceId: 'i-0b', State: { Name: 'shutting-down' } },
            ],
          },
        ],
      };
    };
    const progress = await karpenterNodesGone.look({ ec2: async () => ({ describeInstances }) as never }, at, 0);
    expect(progress).to.deep.include({ done: false });
    expect(progress.done ? '' : progress.reason).to.match(/^2 left: i-0a \(running\), i-0b \(shutting-down\);/);
    expect(JSON.stringify(filters)).to.contain(`tag:kubernetes.io/cluster/${CLUSTER}`);
  });
});
