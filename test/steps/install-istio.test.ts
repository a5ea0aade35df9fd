import { expect } from 'chai';
import { install } from '../../steps/addons/install.ts';
import { installIstio } from '../../steps/install-istio.ts';
import { istioAddons } from '../../steps/istio/addons.ts';
import { kubernetesLoadBalancerNamed } from '../../steps/waits/kubernetes-load-balancer-named.ts';
import { loadBalancersHealthy } from '../../steps/waits/load-balancers-healthy.ts';
import { failure } from '../failure.ts';
import { eventually } from '../sandbox/kubernetes/platform.ts';
import { CLUSTER, REGION, RUN } from './cluster.ts';
import { manifestFolder } from './manifests/folder.ts';
import { at, type Platform, startPlatform } from './platform.ts';
import { CONTROLLER, scaleAddon } from './scale-add-on.ts';
import { applyStep, changesIn, planStep, undoStep, waitsIn } from './walking.ts';

const hosts = ['*.shop.example.com'];
const gatewayId = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', namespace: 'istio-ingress', name: 'istio-ingress' };
const certificate = 'arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d';

describe('installing Istio', function () {
  this.timeout(60_000);
  let platform: Platform;

  beforeEach(async () => {
    platform = await startPlatform();
  });

  afterEach(() => platform.stop());

  const context = (istio: object | undefined, estateFolder = '.') => platform.context({ istio }, { estateFolder });
  const applications = async (): Promise<string[]> =>
    (await platform.argocd.listApplications({ selector: `eks-dr/run=${RUN}` }))
      .map(({ metadata }) => metadata.name)
      .filter((name) => /-istio/.test(name))
      .toSorted();
  const balancers = () => Object.values(platform.remote.running.sandbox.world.elb.regions[REGION]?.loadBalancers ?? {});

  it('does nothing where the estate has no Istio', async () => {
    const none = context(undefined);
    expect(await planStep(installIstio, none)).to.deep.equal([]);
    expect(await installIstio.finish(none)).to.deep.equal({ applications: [], loadBalancers: [] });
  });

  it('installs base, istiod and gateway in order, opens the way in, and gives the load balancer that stands there', async () => {
    const wanted = context({ hosts });
    const plan = await planStep(installIstio, wanted);
    expect(changesIn(plan).map(({ kind, id }) => [kind, id.name ?? id.application])).to.deep.equal([
      ['argocd.application', `${CLUSTER}-istio-base`],
      ['argocd.automated-sync', `${CLUSTER}-istio-base`],
      ['argocd.application', `${CLUSTER}-istiod`],
      ['argocd.automated-sync', `${CLUSTER}-istiod`],
      ['argocd.application', `${CLUSTER}-istio-ingress`],
      ['argocd.automated-sync', `${CLUSTER}-istio-ingress`],
      ['kubernetes.object', 'istio-ingress'],
    ]);
    const waits = waitsIn(plan);
    expect(waits.lastIndexOf('kubernetes-webhook-ready')).to.be.below(waits.indexOf('istio-gateway-injected'));

    await applyStep(installIstio, wanted, plan);
    const { applications, loadBalancers } = await installIstio.finish(wanted);
    expect(applications).to.deep.equal([`${CLUSTER}-istio-base`, `${CLUSTER}-istiod`, `${CLUSTER}-istio-ingress`]);
    expect(loadBalancers).to.have.length(1);
    expect(loadBalancers[0]).to.deep.include({ stack: 'istio-ingress/istio-ingress', type: 'network', scheme: 'internet-facing' });
    expect(loadBalancers[0]?.dnsName).to.match(/\.elb\.eu-central-1\.amazonaws\.com$/);

    const gateway = await platform.kubernetes.get(gatewayId);
    expect(gateway?.metadata.labels).to.deep.equal({ 'eks-dr/run': RUN });
    expect(gateway?.spec).to.deep.include({ selector: { istio: 'ingress' } });
    expect(gateway?.spec).to.have.nested.property('servers[1].tls.mode', 'PASSTHROUGH');
    expect(changesIn(await planStep(installIstio, wanted))).to.deep.equal([]);
  });

  it('has the pods’ own readiness decide over the targets, and ends TLS at the load balancer where there are certificates', async () => {
    const wanted = context({ hosts, certificateArns: [certificate], scheme: 'internal' });
    await applyStep(installIstio, wanted, await planStep(installIstio, wanted));
    const service = await platform.kubernetes.get({ apiVersion: 'v1', kind: 'Service', namespace: 'istio-ingress', name: 'istio-ingress' });
    const prefix = 'service.beta.kubernetes.io/aws-load-balancer-';
    expect(service?.metadata.annotations).to.include({
      [`${prefix}healthcheck-port`]: '15021',
      [`${prefix}healthcheck-path`]: '/healthz/ready',
      [`${prefix}nlb-target-type`]: 'ip',
      [`${prefix}scheme`]: 'internal',
      [`${prefix}additional-resource-tags`]: `eks-dr:run=${RUN}`,
      [`${prefix}ssl-cert`]: certificate,
    });
    expect(service?.spec).to.deep.include({ loadBalancerClass: 'service.k8s.aws/nlb' });
    expect((await platform.kubernetes.get(gatewayId))?.spec)
      .to.have.property('servers')
      .with.length(1);
    expect((await installIstio.finish(wanted)).loadBalancers[0]).to.include({ type: 'network', scheme: 'internal' });
  });

  it('puts an application load balancer before the gateway where the estate says so', async () => {
    const wanted = context({ ingress: 'alb', certificateArns: [certificate] });
    await applyStep(installIstio, wanted, await planStep(installIstio, wanted));
    const ingress = await platform.kubernetes.get({ ...gatewayId, apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' });
    expect(ingress?.metadata.annotations).to.include({
      'alb.ingress.kubernetes.io/healthcheck-port': '15021',
      'alb.ingress.kubernetes.io/tags': `eks-dr:run=${RUN}`,
      'alb.ingress.kubernetes.io/certificate-arn': certificate,
      'alb.ingress.kubernetes.io/ssl-redirect': '443',
    });
    const { loadBalancers } = await installIstio.finish(wanted);
    expect(loadBalancers.map(({ type, stack }) => [type, stack])).to.deep.equal([['application', 'istio-ingress/istio-ingress']]);
    expect(await platform.kubernetes.get(gatewayId)).to.equal(null);
  });

  it('takes the user’s own folder instead, and refuses all that is wrong in it at once', async () => {
    const { estateFolder, remove } = await manifestFolder({
      'way-in.yaml': `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: istio-ingress }
spec:
  note: \${cluster}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: public
  namespace: istio-ingress
  annotations: { alb.ingress.kubernetes.io/target-type: ip, alb.ingress.kubernetes.io/group.name: shared }
spec:
  ingressClassName: alb
  defaultBackend: { service: { name: istio-ingress, port: { number: 80 } } }
`,
    });
    const wanted = context({ ingress: 'alb', manifests: 'manifests' }, estateFolder);
    await applyStep(installIstio, wanted, await planStep(installIstio, wanted));
    expect((await platform.kubernetes.get({ ...gatewayId, name: 'public' }))?.spec).to.deep.equal({ note: CLUSTER });
    expect((await installIstio.finish(wanted)).loadBalancers[0]).to.include({ stack: 'shared', type: 'application', scheme: 'internal' });
    await remove();

    const bad = await manifestFolder({
      'a.yaml': 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: public }\n',
      'b.yaml': 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: n }\n',
    });
    const mistaken = context({ manifests: 'manifests' }, bad.estateFolder);
    const error = await failure('input-invalid', planStep(installIstio, mistaken));
    await bad.remove();
    expect([error, ...error.also].map(({ message }) => message)).to.have.members([
      'manifests/a.yaml, document 1, line 1: Gateway public names no namespace.',
      'manifests/b.yaml, document 1, line 1: the cluster knows no HTTPRoute of gateway.networking.k8s.io/v1.',
    ]);
  });

  it('stops before the gateway while the injector can not be called', async () => {
    const wanted = context({ values: { istiod: { replicaCount: 0 } } });
    const error = await failure('wait-timed-out', applyStep(installIstio, wanted, await planStep(installIstio, wanted)));
    expect(error.message).to.contain('sidecar-injector.istio.io has no caBundle yet');
    expect(await applications()).to.deep.equal([`${CLUSTER}-istio-base`, `${CLUSTER}-istiod`]);
  });

  it('names the gateway’s pods that came before the injector, and has them made anew when it is planned again', async () => {
    const wanted = context({});
    const first = await planStep(installIstio, wanted);
    await installGatewayTooEarly(wanted);
    const error = await failure('unhealthy', applyStep(installIstio, wanted, first));
    expect(error.message).to.match(/istio-ingress-\S+, istio-ingress-\S+ came before istiod's injector/);
    expect(error.message).to.contain('plan this step again');

    const again = await planStep(installIstio, wanted);
    expect(changesIn(again).map(({ kind, id }) => `${kind} ${id.kind} ${id.name}`)).to.deep.equal([
      'kubernetes.object Deployment istio-ingress',
    ]);
    await applyStep(installIstio, wanted, again);
    expect((await installIstio.finish(wanted)).loadBalancers).to.have.length(1);
    expect(changesIn(await planStep(installIstio, wanted))).to.deep.equal([]);

    await undoStep(installIstio, wanted, [...first, ...again]);
    expect(balancers()).to.deep.equal([]);
  });

  /** Somebody installs the gateway while there is no injector yet. */
  async function installGatewayTooEarly(wanted: ReturnType<typeof context>): Promise<void> {
    const { istio } = wanted.estate.addons;
    if (istio === undefined) throw new Error('the estate has no Istio');
    const { gateway } = await istioAddons(istio, wanted.run);
    const [application, sync] = install(gateway, { estate: wanted.estate, run: wanted.run, cluster: CLUSTER });
    const alone = { ...installIstio, describe: () => [application, sync] };
    await applyStep(alone as never, wanted, await planStep(alone as never, wanted));
    const pods = () => platform.kubernetes.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: gateway.namespace });
    while ((await pods()).length < 2) await platform.clients.clock.sleep(3);
  }

  it('survives that the load balancer controller is away, and every Service is refused, when it begins', async () => {
    const wanted = context({});
    const plan = await planStep(installIstio, wanted);
    await scaleAddon(platform, CONTROLLER, 0);
    const applied = applyStep(installIstio, wanted, plan);
    await eventually(
      () => platform.argocd.listApplications({ name: `${CLUSTER}-istiod` }),
      (listed) => JSON.stringify(listed).includes('no endpoints available for service'),
    );
    await scaleAddon(platform, CONTROLLER, 2);
    await applied;
    expect((await installIstio.finish(wanted)).loadBalancers).to.have.length(1);
  });

  it('tells why the load balancer does not come', async () => {
    const name = 'istio-ingress';
    const metadata = { name, namespace: name };
    await platform.kubernetes.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'test' });
    const look = () => kubernetesLoadBalancerNamed.look(platform.clients, { ...at, kind: 'Service', namespace: name, name }, 0);
    expect(await look()).to.deep.equal({ done: false, reason: 'it does not exist yet' });
    await platform.kubernetes.apply(
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } },
      { fieldManager: 'test' },
    );
    expect(await look())
      .to.have.property('reason')
      .that.contains('has not given it a host name');
    const involvedObject = { kind: 'Service', namespace: name, name };
    const warning = (number: number, message: string) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${number}`, namespace: name },
      type: 'Warning',
      message,
      lastTimestamp: `2026-01-05T09:00:0${number}Z`,
      involvedObject,
    });
    await platform.kubernetes.create(warning(2, 'AccessDenied: not authorized to perform elasticloadbalancing:CreateLoadBalancer'));
    await platform.kubernetes.create(warning(1, 'an older one'));
    expect(await look())
      .to.have.property('reason')
      .that.contains('AccessDenied');
  });

  it('gives load balancers that are still being made: whether they become active is told before any service is switched', async () => {
    const wanted = context({});
    await applyStep(installIstio, wanted, await planStep(installIstio, wanted));
    for (const balancer of balancers()) Object.assign(balancer, { activeAt: Number.MAX_SAFE_INTEGER });
    const { loadBalancers } = await installIstio.finish(wanted);
    expect(loadBalancers.map(({ stack }) => stack)).to.deep.equal(['istio-ingress/istio-ingress']);
    const expected = loadBalancers.map(({ stack, type, scheme }) => ({ stack, type, scheme }));
    expect(await loadBalancersHealthy.look(platform.clients, { ...at, expected }, 0))
      .to.have.property('reason')
      .that.contains('its load balancer is provisioning');
  });

  it('refuses to end without a load balancer that it was to bring', async () => {
    const wanted = context({});
    await applyStep(installIstio, wanted, await planStep(installIstio, wanted));
    const region = platform.remote.running.sandbox.world.elb.regions[REGION];
    if (region !== undefined) region.loadBalancers = {};
    const error = await failure('unhealthy', installIstio.finish(wanted) as Promise<unknown>);
    expect(error.message).to.contain('istio-ingress/istio-ingress (network, internet-facing)');
  });

  it('goes back: the way in first, then gateway, istiod and base', async () => {
    const wanted = context({ hosts });
    const plan = await planStep(installIstio, wanted);
    await applyStep(installIstio, wanted, plan);
    platform.remote.lines.splice(0);
    await undoStep(installIstio, wanted, plan);
    const deleted = platform.remote.lines.filter((line) => line.startsWith('deleted')).map((line) => line.split(' ').at(-1));
    expect([...new Set(deleted.filter((name) => name?.startsWith(`${CLUSTER}-`)))]).to.deep.equal([
      `${CLUSTER}-istio-ingress`,
      `${CLUSTER}-istiod`,
      `${CLUSTER}-istio-base`,
    ]);
    expect(await applications()).to.deep.equal([]);
    expect(await platform.kubernetes.get(gatewayId)).to.equal(null);
    expect(balancers()).to.deep.equal([]);
  });
});
