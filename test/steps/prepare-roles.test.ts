import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { eks } from '../../sandbox/eks/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { preparedRoles } from '../../steps/checks/prepared-roles.ts';
import { addons } from '../../steps/estate/addons.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { prepareRoles } from '../../steps/prepare-roles.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { ACCOUNT, type Remote, startRemote } from './remote.ts';
import { arnOf, makeRole, OLD, PODS } from './roles.ts';
import { applyStep, changesIn, planStep, undoStep } from './walking.ts';

const BOTH = { loadBalancerController: {}, karpenter: { interruptionQueueOutput: 'queue', nodePool: {} } };
const PREPARED = {
  loadBalancerController: { roleArn: arnOf('shop-eks-dr-frankfurt-load-balancer-controller') },
  karpenter: { roleArn: arnOf('shop-eks-dr-frankfurt-karpenter'), nodeRoleArn: arnOf('shop-eks-dr-frankfurt-karpenter-node') },
};

describe('prepare-roles', () => {
  let remote: Remote;
  beforeEach(async () => {
    remote = await startRemote([sts, iam, ec2, eks]);
  });
  afterEach(() => remote.stop());

  const world = () => remote.running.sandbox.world.iam;
  const ownRoles = () => Object.keys(world().roles).filter((name) => name.startsWith('shop-eks-dr-'));
  const accountOf = (serviceAccount: string, roleArn: string) => ({ namespace: 'shop', serviceAccount, roleArn });

  interface Of {
    readonly section?: object;
    readonly annotated?: ReturnType<typeof accountOf>[];
    readonly identity?: Partial<Estate['workloadIdentity']>;
    readonly run?: string;
  }
  function context({ section = {}, annotated = [], identity = {}, run = 'prepare-1' }: Of) {
    const estate = estateWith({ addons: addons.parse(section) });
    return contextOf(remote, {
      needs: { inventory: { identities: { annotated, associations: [] } } },
      run: runWith({ id: run, mode: 'prepare' }),
      estate: { ...estate, workloadIdentity: { ...estate.workloadIdentity, ...identity } },
    });
  }
  async function prepare(of: Of) {
    const within = context(of);
    const plan = await planStep(prepareRoles, within);
    await applyStep(prepareRoles, within, plan);
    return { plan, outputs: await prepareRoles.finish(within as never) };
  }

  describe('for the add-ons', () => {
    it('makes the roles that a recovery would make, and tells the lines that the estate then needs', async () => {
      const { outputs } = await prepare({ section: BOTH });
      expect(outputs.estate).to.deep.equal({ addons: PREPARED });
      expect(ownRoles()).to.have.members([
        'shop-eks-dr-frankfurt-load-balancer-controller',
        'shop-eks-dr-frankfurt-karpenter',
        'shop-eks-dr-frankfurt-karpenter-node',
      ]);
      const estate = estateWith({ addons: addons.parse({ ...BOTH, ...merged(BOTH, PREPARED) }) });
      expect(await preparedRoles.run({ ...context({}), estate } as never)).to.deep.equal([]);
    });

    it('lets Karpenter do in any recovery cluster of the estate, and in no other, what it may do in one', async () => {
      await prepare({ section: BOTH });
      const documents = Object.values(world().policies)
        .filter(({ name }) => name.includes('karpenter'))
        .map(({ versions }) => JSON.stringify(versions));
      expect(documents).to.have.length(6);
      for (const document of documents) expect(document).to.not.match(/some-recovery-cluster|kubernetes\.io\/cluster/);
      const all = documents.join('\n').replaceAll('\\', '');
      expect(all).to.contain('"aws:ResourceTag/eks:eks-cluster-name":["shop-drill-*","shop-recover-*"]');
      expect(all).to.contain('"StringLikeIfExists":{"aws:RequestTag/eks:eks-cluster-name":["shop-drill-*","shop-recover-*"]}');
      expect(all).to.contain(`arn:aws:sqs:eu-central-1:${ACCOUNT}:shop-recover-*`);
      expect(all).to.contain(`arn:aws:eks:eu-central-1:${ACCOUNT}:cluster/shop-drill-*`);
      expect(all).to.not.contain('"shop-*"');
    });

    it('changes nothing the next time, by another run and with the lines in the estate', async () => {
      await prepare({ section: BOTH });
      const { plan, outputs } = await prepare({ section: merged(BOTH, PREPARED), run: 'prepare-2' });
      expect(changesIn(plan)).to.deep.equal([]);
      expect(outputs.estate).to.deep.equal({});
      expect(outputs.addons).to.have.length(3);
    });

    it('brings what an earlier preparation made up to date, and leaves it that one’s', async () => {
      await prepare({ section: BOTH });
      const boundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
      await (await remote.clients.iam()).createPolicy({
        PolicyName: 'boundary',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
      });
      // As another version of the program may have written it; IAM does not change it.
      for (const policy of Object.values(world().policies)) policy.description = 'of an older version';
      const { plan } = await prepare({ section: { ...merged(BOTH, PREPARED), permissionsBoundary: boundary }, run: 'prepare-2' });
      expect(changesIn(plan).map(({ kind }) => kind)).to.deep.equal(['iam.role', 'iam.role', 'iam.role']);
      expect(ownRoles().map((name) => world().roles[name]?.tags['eks-dr:run'])).to.deep.equal(['prepare-1', 'prepare-1', 'prepare-1']);
    });

    it('makes nothing where the estate names roles of others', async () => {
      const roles = { loadBalancerController: { roleArn: arnOf('a') }, karpenter: { roleArn: arnOf('b'), nodeRoleArn: arnOf('c') } };
      const { plan, outputs } = await prepare({ section: merged(BOTH, roles) });
      expect(changesIn(plan)).to.deep.equal([]);
      expect(outputs).to.deep.include({ addons: [], estate: {} });
    });

    it('leaves a role of the same name to whom it belongs', async () => {
      await makeRole(remote, 'shop-eks-dr-frankfurt-karpenter', [PODS]);
      const error = await failure('conflict', planStep(prepareRoles, context({ section: BOTH })));
      expect(error.message).to.contain('shop-eks-dr-frankfurt-karpenter');
    });

    it('says what can’t be prepared: a role that would have to trust the issuer of a cluster to come', async () => {
      const section = { loadBalancerController: { identity: 'irsa' }, karpenter: { identity: 'irsa', nodePool: {} } };
      const { outputs } = await prepare({ section, identity: { method: 'irsa' }, annotated: [accountOf('cart', arnOf('cart'))] });
      expect(outputs.addons.map(({ field }) => field)).to.deep.equal(['addons.karpenter.nodeRoleArn']);
      expect(outputs.workloads).to.deep.equal({ prepared: 0, already: 0, left: [] });
      const told = remote.lines.filter((line) => line.includes('is irsa'));
      expect(told.map((line) => line.split(' ')[0])).to.deep.equal([
        'addons.loadBalancerController.identity',
        'addons.karpenter.identity',
        'workloadIdentity.method',
      ]);
    });

    it('takes back what it made', async () => {
      const { plan } = await prepare({ section: BOTH });
      await undoStep(prepareRoles, context({ section: BOTH }), plan);
      expect(ownRoles()).to.deep.equal([]);
      expect(Object.values(world().policies).filter(({ arn }) => arn.includes(ACCOUNT))).to.deep.equal([]);
    });
  });

  describe('for service accounts', () => {
    const trustOf = (name: string): object[] => JSON.parse(world().roles[name]?.trust ?? '{}').Statement;

    it('lets EKS Pod Identity into roles that don’t, keeps their other statements, and takes its own back', async () => {
      await makeRole(remote, 'cart', [OLD]);
      await makeRole(remote, 'order', [PODS]);
      const annotated = [accountOf('cart', arnOf('cart')), accountOf('basket', arnOf('cart')), accountOf('order', arnOf('order'))];
      const { plan, outputs } = await prepare({ annotated });
      expect(trustOf('cart')).to.deep.equal([OLD, { Sid: 'EksDrPods', ...PODS }]);
      expect(trustOf('order')).to.deep.equal([PODS]);
      expect(outputs.workloads).to.deep.equal({ prepared: 1, already: 1, left: [] });
      const again = await prepare({ annotated, run: 'prepare-2' });
      expect(changesIn(again.plan)).to.deep.equal([]);
      expect(again.outputs.workloads).to.deep.equal(outputs.workloads);
      await undoStep(prepareRoles, context({ annotated }), plan);
      expect(trustOf('cart')).to.deep.equal([OLD]);
    });

    it('tells to go by pod identity where the estate goes by annotations as they are', async () => {
      await makeRole(remote, 'cart', [OLD]);
      const annotated = [accountOf('cart', arnOf('cart'))];
      const { outputs } = await prepare({ annotated, identity: { method: 'as-is' } });
      expect(outputs.estate).to.deep.equal({ workloadIdentity: { method: 'pod-identity' } });
      expect((await prepare({ annotated, identity: { method: 'pod-identity' } })).outputs.estate).to.deep.equal({});
    });

    it('lists the roles that can’t be prepared, each with the reason and the way out', async () => {
      const deny = { ...PODS, Effect: 'Deny' };
      await makeRole(remote, 'denying', [OLD, deny]);
      const long = Array.from({ length: 5 }, (_, index) => ({
        ...OLD,
        Sid: `Old${index}`,
        Condition: { StringEquals: { 'old:sub': 'x'.repeat(200) } },
      }));
      await makeRole(remote, 'full', long);
      const annotated = [
        accountOf('a', arnOf('denying')),
        accountOf('b', arnOf('full')),
        accountOf('c', arnOf('gone')),
        accountOf('d', arnOf('far', '444455556666')),
      ];
      const { plan, outputs } = await prepare({ annotated });
      expect(changesIn(plan)).to.deep.equal([]);
      expect(outputs.workloads.left.map(({ roleArn, reason }) => `${roleArn.split('/')[1]}: ${reason.slice(0, 40)}`)).to.deep.equal([
        'denying: a statement of its trust policy denies E',
        'full: its trust policy has no room: it would h',
        'gone: it does not exist',
        'far: it lies in account 444455556666, and EKS',
      ]);
      for (const { roleArn, remedy } of outputs.workloads.left)
        expect(remote.lines.some((line) => line.includes(roleArn) && line.endsWith(`-> ${remedy}`))).to.equal(true);
    });

    it('judges conditions by the name of a recovery cluster', async () => {
      const like = (pattern: string) => ({ ...PODS, Condition: { StringLike: { 'aws:RequestTag/eks-cluster-name': pattern } } });
      await makeRole(remote, 'recovery', [like('shop-recover-*')]);
      await makeRole(remote, 'primary', [like('shop-prod')]);
      const { outputs } = await prepare({ annotated: [accountOf('a', arnOf('recovery')), accountOf('b', arnOf('primary'))] });
      expect(outputs.workloads).to.deep.include({ prepared: 1, already: 1 });
      expect(trustOf('primary')).to.have.length(2);
    });
  });
});

function merged(section: Readonly<Record<string, object>>, more: Readonly<Record<string, object>>): Record<string, object> {
  return Object.fromEntries(Object.entries(section).map(([name, settings]) => [name, { ...settings, ...more[name] }]));
}
