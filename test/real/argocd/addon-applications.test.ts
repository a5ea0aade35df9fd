import { expect } from 'chai';
import { addonApplication, addonApplicationName } from '../../../steps/addons/application.ts';
import { furtherAddon } from '../../../steps/addons/further.ts';
import { addonProjectAllows } from '../../../steps/checks/addon-project.ts';
import { deployKarpenter } from '../../../steps/deploy-karpenter.ts';
import { addons } from '../../../steps/estate/addons.ts';
import { installAddons } from '../../../steps/install-addons.ts';
import { installIstio } from '../../../steps/install-istio.ts';
import { installLoadBalancerController } from '../../../steps/install-load-balancer-controller.ts';
import { installVaultInjector } from '../../../steps/install-vault-injector.ts';
import type { PlanItem } from '../../../steps/kit/plan.ts';
import { type Description, isWait, type Resource } from '../../../steps/kit/resource.ts';
import { type ApplicationState, argocdApplication } from '../../../steps/resources/argocd-application.ts';
import { argocdAutomatedSync } from '../../../steps/resources/argocd-automated-sync.ts';
import { accepted, get, isHealthy, sync } from '../../contract/argocd/things.ts';
import type { Opened } from '../../contract/contract.ts';
import type { LawWorld } from '../../contract/drivers/world.ts';
import { argocdWorld } from '../../contract/drivers/worlds/argocd.ts';
import { eventually } from '../../contract/eventually.ts';
import { unique } from '../../contract/unique.ts';
import { estateWith, runWith } from '../../steps/context.ts';
import { type Platform, startPlatform } from '../../steps/platform.ts';
import { applyStep, changesIn, planStep, undoStep } from '../../steps/walking.ts';
import { ask } from '../servers/ask.ts';
import { type KubernetesServer, runningServers } from '../servers/running.ts';
import { serveHelmRepository } from './helm-repository.ts';
import { smallCharts } from './small-charts.ts';

const STEPS = [installLoadBalancerController, deployKarpenter, installVaultInjector, installIstio, installAddons];
const WEBHOOKS = '/apis/admissionregistration.k8s.io/v1';

interface Rendered {
  readonly kind: string;
  readonly webhooks?: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}

/** Namespaces that Argo CD makes for add-ons, and does not take away with them. */
const NAMESPACES = ['istio-system', 'istio-ingress', 'vault', 'monitoring'];

describe('the add-on applications, in the real Argo CD', function () {
  this.timeout(120_000);
  let opened: Opened<LawWorld> | null = null;
  let world: LawWorld;
  let cluster: KubernetesServer;
  let platform: Platform;
  let repository: Awaited<ReturnType<typeof serveHelmRepository>> | undefined;
  let project: string;
  let name: string;
  let foreign: readonly string[] = [];
  /** Undoes what was deployed; null: nothing is. */
  let takeBack: (() => Promise<void>) | null = null;

  const onCluster = (path: string, question: Parameters<typeof ask>[1] = {}) =>
    ask(`${cluster.url}${path}`, { ca: cluster.ca, token: cluster.adminToken, ...question });
  const existing = async (): Promise<string[]> => {
    const answers = await Promise.all(NAMESPACES.map((namespace) => onCluster(`/api/v1/namespaces/${namespace}`)));
    return NAMESPACES.filter((_, index) => answers[index]?.status === 200);
  };

  before(async function () {
    const running = await runningServers();
    opened = running?.kubernetes === undefined ? null : await argocdWorld(running);
    if (opened === null || running?.kubernetes === undefined) {
      process.stderr.write('skipped: add-on applications for real need argocd and kubernetes: npm run servers -- up.\n');
      this.skip();
    }
    world = opened.subject;
    cluster = running.kubernetes.recovery;
    foreign = await existing();
    repository = await serveHelmRepository(smallCharts());
    platform = await startPlatform(3, { controller: false });
    name = world.argocd.destination.name;
    project = await newProject(world);
  });
  after(async () => {
    await takeBack?.();
    await opened?.close();
    await platform?.stop();
    await repository?.close();
    if (opened === null) return;
    const made = (await existing()).filter((namespace) => !foreign.includes(namespace));
    await Promise.all(made.map((namespace) => onCluster(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' })));
  });

  /** What the steps describe for this estate; `from`: the repository of every chart, the public ones unless given. */
  async function described(from?: string, cluster = name): Promise<Resource[]> {
    const chart = from === undefined ? {} : { repository: from };
    const metrics = { name: 'metrics', namespace: 'monitoring', chart: 'metrics-server', version: '3.13.0' };
    const context = {
      ...platform.context({
        project,
        loadBalancerController: chart,
        karpenter: { ...chart, interruptionQueueOutput: 'queue' },
        istio: { ...chart, values: { gateway: { tolerations: [] } } },
        vaultInjector: chart,
        others: [
          {
            ...metrics,
            repository: from ?? 'https://kubernetes-sigs.github.io/metrics-server',
            values: { replicas: 2, nothing: null, none: [] },
            ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }],
          },
        ],
      }),
      run: runWith({ id: world.run, mode: 'recover' }),
    };
    const { needs } = context as { needs: object };
    const vault = { address: 'https://vault.example.com', namespace: null, mount: 'kubernetes-shop', roles: 1 };
    const seen = {
      ...needs,
      registered: { name: cluster },
      created: { values: { queue: 'shop' } },
      configured: { vault, policiesToMend: [] },
    };
    const descriptions: Description[] = [];
    for (const step of STEPS) descriptions.push((await step.describe?.({ ...context, needs: seen } as never)) ?? []);
    return descriptions
      .flat(2)
      .filter((item): item is Resource => !isWait(item) && [argocdApplication.kind, argocdAutomatedSync.kind].includes(item.kind));
  }

  /** Plans and applies with the real engine and our client of Argo CD. */
  function walk(resources: readonly Resource[]) {
    const of = (kind: string): Resource[] => resources.filter((resource) => resource.kind === kind);
    const step = {
      drivers: [argocdApplication, argocdAutomatedSync],
      waits: [],
      describe: () => [of(argocdApplication.kind), of(argocdAutomatedSync.kind)],
    };
    const context = { ...platform.context({}), clients: world.clients as never, run: runWith({ id: world.run, mode: 'recover' }) };
    return {
      plan: () => planStep(step as never, context),
      apply: (plan: PlanItem[][]) => applyStep(step as never, context, plan),
      undo: (plan: PlanItem[][]) => undoStep(step as never, context, plan),
    };
  }

  const applicationOf = (addon: string): string => addonApplicationName(name, addon);

  it('are stored as the steps describe them, with the charts at their public addresses, and nothing is left to do', async () => {
    const elsewhere = unique('elsewhere');
    accepted(await world.argocd.call('POST', '/api/v1/clusters', { body: { ...(await world.argocd.newAddress()), name: elsewhere } }));
    const resources = (await described(undefined, elsewhere)).filter(({ kind }) => kind === argocdApplication.kind);
    expect(resources).to.have.length(8);
    for (const { id, desired } of resources) {
      const { run, addon, spec } = desired as ApplicationState;
      const metadata = { name: id.name, labels: { 'eks-dr/run': run, 'eks-dr/addon': addon } };
      // Their addresses lie in the internet, which tests do without.
      accepted(await world.argocd.call('POST', '/api/v1/applications?validate=false', { body: { metadata, spec } }));
    }
    expect(changesIn(await walk(resources).plan())).to.deep.equal([]);
  });

  it('are accepted, rendered with exactly the values that the steps describe, and deployed', async () => {
    const resources = await described(repository?.url);
    const { plan, apply, undo } = walk(resources);
    const planned = await plan();
    takeBack = () => undo(planned);
    await apply(planned);
    expect(changesIn(await plan())).to.deep.equal([]);
    for (const { id, kind, desired } of resources) {
      if (kind !== argocdApplication.kind) continue;
      await eventually(() => get(world.argocd, id.name ?? ''), isHealthy);
      const { source, destination } = (desired as ApplicationState).spec as {
        source: { helm: { releaseName: string; valuesObject?: object } };
        destination: { namespace: string };
      };
      const { releaseName: release, valuesObject = {} } = source.helm;
      const { namespace } = destination;
      const seen = await onCluster(`/api/v1/namespaces/${namespace}/configmaps/${release}-seen`);
      const { data } = JSON.parse(seen.text) as { data: { release: string; namespace: string; values: string } };
      expect({ ...data, values: JSON.parse(data.values) }, id.name).to.deep.equal({ release, namespace, values: valuesObject });
    }
    expect(changesIn(await plan())).to.deep.equal([]);
  });

  it('bring no definitions where they come with another chart', async () => {
    const { status } = accepted(await get(world.argocd, applicationOf('karpenter')));
    expect(status.resources.map(({ kind }: { kind: string }) => kind)).to.deep.equal(['ConfigMap']);
  });

  it('keep the certificate of the first sync when another one is rendered', async () => {
    const application = applicationOf('aws-load-balancer-controller');
    const certificates = async () => {
      const secret = JSON.parse((await onCluster('/api/v1/namespaces/kube-system/secrets/aws-load-balancer-tls')).text);
      const kinds = ['mutating', 'validating'];
      const webhooks = await Promise.all(
        kinds.map((kind) => onCluster(`${WEBHOOKS}/${kind}webhookconfigurations/aws-load-balancer-webhook`)),
      );
      return [secret.data['ca.crt'], ...webhooks.map(({ text }) => JSON.parse(text).webhooks[0].clientConfig.caBundle)];
    };
    const before = await certificates();
    expect(new Set(before).size).to.equal(1);
    const rendered = await rendersAnew(application);
    const another = rendered.find(({ kind }) => kind === 'MutatingWebhookConfiguration')?.webhooks?.[0]?.clientConfig.caBundle;
    expect(another).to.be.a('string').and.not.to.equal(before[0]);
    expect(await certificates()).to.deep.equal(before);
  });

  it('keep the authority that the injector of Vault has written', async () => {
    const path = `${WEBHOOKS}/mutatingwebhookconfigurations/vault-agent-injector-cfg`;
    const { data } = JSON.parse((await onCluster('/api/v1/namespaces/kube-system/secrets/aws-load-balancer-tls')).text);
    const caBundle = data['ca.crt'];
    const written = await onCluster(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json-patch+json' },
      body: [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: caBundle }],
    });
    expect(written.status, written.text).to.equal(200);
    await rendersAnew(applicationOf('vault-agent-injector'));
    const [webhook] = JSON.parse((await onCluster(path)).text).webhooks;
    expect(webhook.clientConfig.caBundle).to.equal(caBundle);
    expect(webhook.failurePolicy).to.equal('Fail');
    expect(webhook.namespaceSelector.matchExpressions[0].values).to.include.members(['kube-system', 'vault', 'istio-system']);
  });

  it('are refused by an AppProject in the very cases that the check before the night finds', async () => {
    const url = repository?.url ?? '';
    const metrics = { name: 'refused', namespace: 'monitoring', chart: 'metrics-server', repository: url, version: '3.13.0' };
    const elsewhere = { destinations: [{ server: 'https://kept.example.com', namespace: '*' }] };
    for (const change of [{}, { sourceRepos: [`${url}/other/*`] }, elsewhere]) {
      const narrow = await newProject(world, change);
      const section = addons.parse({ project: narrow, others: [metrics] });
      const estate = estateWith({ addons: section });
      const found = await addonProjectAllows.run({ estate, run: runWith({ mode: 'recover' }), clients: world.clients } as never);
      const [further] = section.others;
      if (further === undefined) throw new Error('the estate has no further add-on');
      const state = addonApplication(furtherAddon(further), { cluster: name, project: narrow, run: { id: world.run } });
      const metadata = { name: unique('refused') };
      const { status, body } = await world.argocd.call('POST', '/api/v1/applications', { body: { metadata, spec: state.spec } });
      const said = `${found.map(({ message }) => message).join()} ${JSON.stringify(body)}`;
      expect({ blockers: found.length, status }, said).to.deep.equal(
        Object.keys(change).length === 0 ? { blockers: 0, status: 200 } : { blockers: 1, status: 400 },
      );
    }
  });

  it('go with all that they deployed', async () => {
    await takeBack?.();
    takeBack = null;
    const found = accepted(await world.argocd.call('GET', `/api/v1/applications?projects=${project}`)).items ?? [];
    expect(found.filter(({ spec }: { spec: { destination: { name: string } } }) => spec.destination.name === name)).to.deep.equal([]);
    const left = ['mutatingwebhookconfigurations/aws-load-balancer-webhook', 'mutatingwebhookconfigurations/vault-agent-injector-cfg'];
    const answers = await Promise.all(left.map((path) => onCluster(`${WEBHOOKS}/${path}`)));
    expect(answers.map(({ status }) => status)).to.deep.equal([404, 404]);
  });

  /** A hard refresh, which takes nothing from a cache, shows no drift; then a sync. Gives what was rendered. */
  async function rendersAnew(application: string): Promise<Rendered[]> {
    accepted(await get(world.argocd, application, '?refresh=hard'));
    const { status } = accepted(await get(world.argocd, application));
    expect(status.sync.status).to.equal('Synced');
    const { finishedAt } = status.operationState;
    accepted(await sync(world.argocd, application));
    await eventually(
      () => get(world.argocd, application),
      (answer) => isHealthy(answer) && answer.body.status.operationState.finishedAt !== finishedAt,
    );
    const { manifests } = accepted(await world.argocd.call('GET', `/api/v1/applications/${application}/manifests`));
    return manifests.map((manifest: string) => JSON.parse(manifest));
  }
});

/** As addons.project has to be, for any cluster and whatever add-ons are made of, but for `change`. */
async function newProject({ argocd }: LawWorld, change: object = {}): Promise<string> {
  const name = unique('addons');
  const spec = {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    ...change,
  };
  accepted(await argocd.call('POST', '/api/v1/projects', { body: { project: { metadata: { name }, spec } } }));
  return name;
}
