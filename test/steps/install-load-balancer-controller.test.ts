import { expect } from 'chai';
import { controllerPolicy } from '../../steps/addons/load-balancer-controller.ts';
import { addonProjectAllows } from '../../steps/checks/addon-project.ts';
import { installLoadBalancerController } from '../../steps/install-load-balancer-controller.ts';
import type { Finding } from '../../steps/kit/step.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION, RUN } from './cluster.ts';
import { type Platform, startPlatform } from './platform.ts';
import { CONTROLLER, scaleAddon } from './scale-add-on.ts';
import { applyStep, changesIn, planStep, undoStep, waitsIn } from './walking.ts';

const NAME = `${CLUSTER}-load-balancer-controller`;
const WEBHOOK = 'aws-load-balancer-webhook';
const podTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80, protocol: 'TCP' }] },
});

describe('installing the load balancer controller', function () {
  this.timeout(60_000);
  let platform: Platform;

  beforeEach(async () => {
    platform = await startPlatform(3, { controller: false });
  });
  afterEach(() => platform.stop());

  const context = (settings: object | undefined = {}) => platform.context({ loadBalancerController: settings });
  const world = () => platform.remote.running.sandbox.world;
  const install = async (wanted = context()) => {
    const plan = await planStep(installLoadBalancerController, wanted);
    await applyStep(installLoadBalancerController, wanted, plan);
    return plan;
  };

  it('makes a role with its policy, hands it over, installs the chart, and waits until the API server can call it', async () => {
    const plan = await install();
    expect(changesIn(plan).map(({ kind }) => kind)).to.deep.equal([
      'iam.policy',
      'iam.role',
      'iam.role-policy',
      'eks.pod-identity-association',
      'argocd.application',
      'argocd.automated-sync',
    ]);
    expect(waitsIn(plan)).to.include.members(['kubernetes-deployment-available', 'kubernetes-webhook-ready']);
    expect(world().iam.roles[NAME]?.attached).to.have.length(1);
    await platform.kubernetes.create(service('after'));
    expect(changesIn(await planStep(installLoadBalancerController, context()))).to.deep.equal([]);
    const outputs = await installLoadBalancerController.finish(context());
    expect(outputs.application).to.match(new RegExp(`^${CLUSTER}-aws-load-balancer`));
  });

  it('keeps the certificate of the first sync when a hard refresh renders another', async () => {
    await install();
    const { application } = await installLoadBalancerController.finish(context());
    const record = world().argocd.applications[application ?? ''];
    const ca = async () => {
      const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name: 'aws-load-balancer-tls' };
      return ((await platform.kubernetes.get(secret))?.data as Record<string, string> | undefined)?.['ca.crt'];
    };
    const before = await ca();
    if (record !== undefined) record.controller.renders += 1;
    await platform.argocd.refreshApplication(application ?? '');
    await platform.clients.clock.sleep(30, platform.clients.signal);
    const [now] = await platform.argocd.listApplications({ name: application ?? '' });
    expect(now?.status?.sync?.status).to.equal('Synced');
    expect(await ca()).to.equal(before);
    await platform.kubernetes.create(service('after-refresh'));
  });

  it('says how to mend webhooks that were made anew beside an old certificate', async () => {
    await install();
    const configuration = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', name: WEBHOOK };
    const found = await platform.kubernetes.get(configuration);
    const webhooks = ((found?.webhooks ?? []) as { clientConfig: object }[]).map((webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle: Buffer.from('another').toString('base64') },
    }));
    const { apiVersion, kind } = configuration;
    await platform.kubernetes.apply({ apiVersion, kind, metadata: { name: WEBHOOK }, webhooks }, { fieldManager: 'somebody', force: true });
    await failure('remote-unavailable', platform.kubernetes.create(service('refused')));
    const error = await failure(
      'unhealthy',
      applyStep(installLoadBalancerController, context(), await planStep(installLoadBalancerController, context())),
    );
    expect(error.message).to.contain('delete the secret kube-system/aws-load-balancer-tls').and.to.contain('refresh the application hard');
  });

  it('works by a role that was prepared, and writes nothing to IAM then', async () => {
    await install();
    const roleArn = world().iam.roles[NAME]?.arn ?? '';
    const plan = await planStep(installLoadBalancerController, context({ roleArn }));
    expect(changesIn(plan)).to.deep.equal([]);
  });

  it('trusts the OIDC provider of the new cluster where the estate says irsa', async () => {
    const plan = await planStep(installLoadBalancerController, context({ identity: 'irsa' }));
    const kinds = changesIn(plan).map(({ kind }) => kind);
    expect(kinds).to.include('iam.oidc-provider').and.not.to.include('eks.pod-identity-association');
    const application = changesIn(plan).find(({ kind }) => kind === 'argocd.application');
    expect(JSON.stringify(application?.after)).to.contain(`"eks.amazonaws.com/role-arn":"arn:aws:iam::111122223333:role/${NAME}"`);
  });

  it('survives a throttled IAM, and the lost answer to an association that was made', async () => {
    const { faults, requests } = platform.remote.running;
    faults.add({ system: 'iam', operation: 'iam:*', mutating: true, times: 2, effect: 'throttle' });
    faults.add({ system: 'eks', operation: 'eks:CreatePodIdentityAssociation', effect: 'cut-after' });
    requests.clear();
    await install();
    const calls = requests.list().filter(({ operation }) => operation === 'eks:CreatePodIdentityAssociation');
    expect(calls.length).to.be.greaterThan(1);
    expect(world().iam.roles[NAME]?.tags).to.deep.include({ 'eks-dr:run': RUN });
    expect(Object.values(world().eks.clusters[`${REGION}/${CLUSTER}`]?.podIdentityAssociations ?? {})).to.have.length(1);
  });

  it('stops where somebody makes a role of its name after it was planned', async () => {
    const recovering = platform.context({ loadBalancerController: {} }, { mode: 'recover' });
    const plan = await planStep(installLoadBalancerController, recovering);
    await (await platform.clients.iam()).createRole({ RoleName: NAME, AssumeRolePolicyDocument: JSON.stringify(podTrust) });
    const error = await failure('drift', applyStep(installLoadBalancerController, recovering, plan));
    expect(error.message).to.contain(NAME);
    expect(error.remedy).to.contain('Plan this step again');
    await failure('conflict', planStep(installLoadBalancerController, recovering));
  });

  it('lets no Service in while none of its pods is ready, as what passes, and lets it in afterwards', async () => {
    await install();
    await scaleAddon(platform, CONTROLLER, 0);
    const error = await failure('remote-unavailable', platform.kubernetes.create(service('too-early')));
    expect(error.message).to.contain('no endpoints available for service "aws-load-balancer-webhook-service"');
    expect(error.remedy).to.contain('kubectl -n kube-system get pods').and.to.contain('Then run the step again');
    await scaleAddon(platform, CONTROLLER, 2);
    await platform.kubernetes.create(service('too-early'));
  });

  it('takes no role of the same name over that the lost cluster left behind', async () => {
    const iam = await platform.clients.iam();
    await iam.createRole({ RoleName: NAME, AssumeRolePolicyDocument: JSON.stringify(podTrust) });
    const recovering = platform.context({ loadBalancerController: {} }, { mode: 'recover' });
    const error = await failure('conflict', planStep(installLoadBalancerController, recovering));
    expect(error.message).to.contain(NAME);
    await failure('drill-guard', planStep(installLoadBalancerController, context()));
  });

  it('passes on that Argo CD can’t have the chart, and goes on once it can', async () => {
    const { charts } = world().argocd;
    const repository = 'https://aws.github.io/eks-charts';
    const there = charts[repository];
    delete charts[repository];
    const error = await failure('remote-refused', install());
    expect(error.message).to.contain('failed to fetch chart').and.to.contain(repository);
    if (there !== undefined) charts[repository] = there;
    await install();
  });

  it('goes back to a cluster without it, and an account without its role', async () => {
    const plan = await install();
    await undoStep(installLoadBalancerController, context(), plan);
    expect(world().iam.roles[NAME]).to.equal(undefined);
    expect(Object.values(world().eks.clusters[`${REGION}/${CLUSTER}`]?.podIdentityAssociations ?? {})).to.deep.equal([]);
    expect(
      await platform.kubernetes.get({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: 'kube-system',
        name: 'aws-load-balancer-controller',
      }),
    ).to.equal(null);
  });

  it('has nothing to do where the estate does not name it', async () => {
    const none = platform.context({});
    expect(await planStep(installLoadBalancerController, none)).to.deep.equal([]);
    expect(await installLoadBalancerController.finish(none)).to.deep.equal({ application: null });
  });

  describe('its policy', () => {
    it('has the statements and actions that the controller recommends, and fits into one managed policy', async () => {
      const { Statement } = (await controllerPolicy('us-gov-west-1')) as { Statement: { Action: string[] }[] };
      expect(Statement).to.have.length(16);
      expect(Statement.flatMap(({ Action }) => Action)).to.have.length(86);
      expect(JSON.stringify(await controllerPolicy('us-gov-west-1')).length).to.be.below(6_144);
    });
  });

  describe('the AppProject of the add-ons', () => {
    const check = async (): Promise<readonly Finding[]> => {
      const { estate, run, clients, clock, log, signal } = context();
      return addonProjectAllows.run({ estate, run, clients, clock, log, signal });
    };

    it('may be one that allows everything', async () => {
      expect(await check()).to.deep.equal([]);
    });

    it('is a blocker, thing by thing, where it does not', async () => {
      const project = world().argocd.projects.default;
      if (project === undefined) throw new Error('the world has no default project');
      project.spec = { sourceRepos: ['https://gitlab.example.com/*'], destinations: [{ name: 'shop-prod', namespace: '*' }] };
      const found = await check();
      expect(found.map(({ severity }) => severity)).to.deep.equal(['blocker', 'blocker', 'blocker']);
      expect(found[0]?.evidence).to.contain('https://aws.github.io/eks-charts');
    });
  });
});
