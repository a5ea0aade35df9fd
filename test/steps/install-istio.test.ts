import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { eks } from '../../sandbox/eks/system.ts';
import { elb } from '../../sandbox/elb/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { kubernetes } from '../../sandbox/kubernetes/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import type { Kubernetes } from '../../steps/clients/kubernetes.ts';
import { addons as addonsSchema } from '../../steps/estate/addons.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { installIstio } from '../../steps/install-istio.ts';
import { kubernetesLoadBalancerNamed } from '../../steps/waits/kubernetes-load-balancer-named.ts';
import { loadBalancersHealthy } from '../../steps/waits/load-balancers-healthy.ts';
import { failure } from '../failure.ts';
import { createInstaller, type Installer } from './addons/installer.ts';
import { CLUSTER, REGION, RUN, seedRunningCluster } from './cluster.ts';
import { contextOf, estateWith } from './context.ts';
import { istioCharts } from './istio/charts.ts';
import { manifestFolder } from './manifests/folder.ts';
import { bareWorld, type Remote, startRemote } from './remote.ts';
import { applyStep, changesIn, planStep, undoStep, waitsIn } from './walking.ts';

const at = { region: REGION, cluster: CLUSTER };
const needs = { connected: at, registered: { name: CLUSTER } };
const hosts = ['*.shop.example.com'];
const gatewayId = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', namespace: 'istio-ingress', name: 'istio-ingress' };
const certificate = 'arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d';

function estateOf(istio: object | undefined): Estate {
  return estateWith({ addons: addonsSchema.parse({ istio }) });
}

describe('installing Istio', () => {
  let remote: Remote;
  let api: Kubernetes;
  let installer: Installer;

  beforeEach(async () => {
    const world = bareWorld();
    seedRunningCluster(world);
    remote = await startRemote([sts, iam, ec2, eks, elb, kubernetes], { world });
    api = await remote.clients.kubernetes(at);
    installer = createInstaller(api, istioCharts());
  });

  afterEach(() => remote.stop());

  const context = (istio: object | undefined, options: { readonly estateFolder?: string; readonly by?: Installer } = {}) => {
    const { estateFolder = '.', by = installer } = options;
    const clients = { ...remote.clients, estateFolder, argocd: async () => by.argocd };
    return { ...contextOf(remote, { needs, estate: estateOf(istio) }), clients: clients as never };
  };

  const balancers = () => Object.values(remote.running.sandbox.world.elb.regions[REGION]?.loadBalancers ?? {});

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

    const gateway = await api.get(gatewayId);
    expect(gateway?.metadata.labels).to.deep.equal({ 'eks-dr/run': RUN });
    expect(gateway?.spec).to.deep.include({ selector: { istio: 'ingress' } });
    expect(gateway?.spec).to.have.nested.property('servers[1].tls.mode', 'PASSTHROUGH');
    expect(changesIn(await planStep(installIstio, wanted))).to.deep.equal([]);
  });

  it('has the pods’ own readiness decide over the targets, and ends TLS at the load balancer where there are certificates', async () => {
    const wanted = context({ hosts, certificateArns: [certificate], scheme: 'internal' });
    await applyStep(installIstio, wanted, await planStep(installIstio, wanted));
    const service = await api.get({ apiVersion: 'v1', kind: 'Service', namespace: 'istio-ingress', name: 'istio-ingress' });
    const prefix = 'service.beta.kubernetes.io/aws-load-balancer-';
    expect(service?.metadata.annotations).to.include({
      [`${prefix}healthcheck-port`]: '15021',
      [`${prefix}healthcheck-path`]: '/healthz/ready',
      [`${prefix}nlb-target-type`]: 'ip',
      [`${prefix}scheme`]: 'internal',
      [`${prefix}ssl-cert`]: certificate,
    });
    expect(service?.spec).to.deep.include({ loadBalancerClass: 'service.k8s.aws/nlb' });
    expect((await api.get(gatewayId))?.spec)
      .to.have.property('servers')
      .with.length(1);
    expect((await installIstio.finish(wanted)).loadBalancers[0]).to.include({ type: 'network', scheme: 'internal' });
  });

  it('puts an application load balancer before the gateway where the estate says so', async () => {
    const wanted = context({ ingress: 'alb', certificateArns: [certificate] });
    await applyStep(installIstio, wanted, await planStep(installIstio, wanted));
    const ingress = await api.get({ ...gatewayId, apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' });
    expect(ingress?.metadata.annotations).to.include({
      'alb.ingress.kubernetes.io/healthcheck-port': '15021',
      'alb.ingress.kubernetes.io/certificate-arn': certificate,
      'alb.ingress.kubernetes.io/ssl-redirect': '443',
    });
    const { loadBalancers } = await installIstio.finish(wanted);
    expect(loadBalancers.map(({ type, stack }) => [type, stack])).to.deep.equal([['application', 'istio-ingress/istio-ingress']]);
    expect(await api.get(gatewayId)).to.equal(null);
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
    const wanted = context({ ingress: 'alb', manifests: 'manifests' }, { estateFolder });
    await applyStep(installIstio, wanted, await planStep(installIstio, wanted));
    expect((await api.get({ ...gatewayId, name: 'public' }))?.spec).to.deep.equal({ note: CLUSTER });
    expect((await installIstio.finish(wanted)).loadBalancers[0]).to.include({ stack: 'shared', type: 'application', scheme: 'internal' });
    await remove();

    const bad = await manifestFolder({
      'a.yaml': 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: public }\n',
      'b.yaml': 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: n }\n',
    });
    const mistaken = context({ manifests: 'manifests' }, { estateFolder: bad.estateFolder });
    const error = await failure('input-invalid', planStep(installIstio, mistaken));
    await bad.remove();
    expect([error, ...error.also].map(({ message }) => message)).to.have.members([
      'manifests/a.yaml, document 1, line 1: Gateway public names no namespace.',
      'manifests/b.yaml, document 1, line 1: the cluster knows no HTTPRoute of gateway.networking.k8s.io/v1.',
    ]);
  });

  it('stops before the gateway while the injector has no endpoint', async () => {
    const by = createInstaller(api, istioCharts({ istiodPods: 0 }));
    const wanted = context({}, { by });
    const error = await failure('wait-timed-out', applyStep(installIstio, wanted, await planStep(installIstio, wanted)));
    expect(error.message).to.contain('the service istio-system/istiod has no ready endpoint');
    expect(by.history).to.deep.equal([`+${CLUSTER}-istio-base`, `+${CLUSTER}-istiod`]);
  });

  it('names the gateway’s pods that came before the injector, and has them made anew when it is planned again', async () => {
    let image = 'auto';
    const by = createInstaller(api, istioCharts({ image: () => image }));
    const wanted = context({}, { by });
    const first = await planStep(installIstio, wanted);
    const error = await failure('unhealthy', applyStep(installIstio, wanted, first));
    expect(error.message).to.match(/istio-ingress-\S+ came before istiod's injector/);
    expect(error.message).to.contain('plan this step again');

    const again = await planStep(installIstio, wanted);
    expect(changesIn(again).map(({ kind, id }) => `${kind} ${id.kind} ${id.name}`)).to.deep.equal([
      'kubernetes.object Deployment istio-ingress',
    ]);
    // From now on, the injector is there: what the installer applies stands for what it makes of new pods.
    image = 'docker.io/istio/proxyv2:1.30.3';
    await by.argocd.updateApplication(
      `${CLUSTER}-istio-ingress`,
      (await by.argocd.listApplications({ name: `${CLUSTER}-istio-ingress` }))[0] ?? {},
    );
    await applyStep(installIstio, wanted, again);
    expect((await installIstio.finish(wanted)).loadBalancers).to.have.length(1);
    expect(changesIn(await planStep(installIstio, wanted))).to.deep.equal([]);

    await undoStep(installIstio, wanted, [...first, ...again]);
    expect(balancers()).to.deep.equal([]);
  });

  it('tells why the load balancer does not come', async () => {
    const name = 'istio-ingress';
    const metadata = { name, namespace: name };
    await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'test' });
    const look = () => kubernetesLoadBalancerNamed.look(remote.clients, { ...at, kind: 'Service', namespace: name, name }, 0);
    expect(await look()).to.deep.equal({ done: false, reason: 'it does not exist yet' });
    await api.apply({ apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } }, { fieldManager: 'test' });
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
    await api.create(warning(2, 'AccessDenied: not authorized to perform elasticloadbalancing:CreateLoadBalancer'));
    await api.create(warning(1, 'an older one'));
    expect(await look())
      .to.have.property('reason')
      .that.contains('AccessDenied');
  });

  it('does not pass over a load balancer that never becomes active', async () => {
    const wanted = context({});
    const plan = await planStep(installIstio, wanted);
    const [last] = plan.splice(-1);
    await applyStep(installIstio, wanted, plan);
    for (const balancer of balancers()) Object.assign(balancer, { activeAt: Number.MAX_SAFE_INTEGER });
    const args = last?.[0] !== undefined && 'args' in last[0] ? last[0].args : null;
    expect(await loadBalancersHealthy.look(remote.clients, args, 0))
      .to.have.property('reason')
      .that.contains('its load balancer is provisioning');
    const error = await failure('unhealthy', installIstio.finish(wanted) as Promise<unknown>);
    expect(error.message).to.contain('istio-ingress/istio-ingress (network, internet-facing): its load balancer is provisioning');
  });

  it('goes back: the way in first, then gateway, istiod and base', async () => {
    const wanted = context({ hosts });
    const plan = await planStep(installIstio, wanted);
    await applyStep(installIstio, wanted, plan);
    await undoStep(installIstio, wanted, plan);
    expect(installer.history.slice(3)).to.deep.equal([`-${CLUSTER}-istio-ingress`, `-${CLUSTER}-istiod`, `-${CLUSTER}-istio-base`]);
    expect(await api.get(gatewayId)).to.equal(null);
    expect(balancers()).to.deep.equal([]);
  });
});
