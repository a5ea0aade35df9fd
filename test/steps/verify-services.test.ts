import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { eks } from '../../sandbox/eks/system.ts';
import { elb } from '../../sandbox/elb/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { addNodes, createClusterState } from '../../sandbox/kubernetes/clusters.ts';
import { kubernetes } from '../../sandbox/kubernetes/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { connectEndpoint } from '../../steps/clients/endpoint.ts';
import type { Kubernetes } from '../../steps/clients/kubernetes.ts';
import { probe } from '../../steps/estate/policy.ts';
import { verifyServices } from '../../steps/verify-services.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION, seedCluster } from './cluster.ts';
import { contextOf, estateWith } from './context.ts';
import { runLoadBalancerController } from './load-balancer-controller.ts';
import { toLoopback } from './loopback.ts';
import { bareWorld, type Remote, startRemote } from './remote.ts';
import { applyStep, planStep, waitsIn } from './walking.ts';

const at = { region: REGION, cluster: CLUSTER };
const old = (stack: string, type = 'network', scheme = 'internet-facing') => ({
  stack,
  type,
  scheme,
  dnsName: `Old-${stack.replace('/', '-')}.elb.eu-west-1.amazonaws.com`,
  zoneId: 'Z2IFOLAFXWLO4F',
  arn: `arn:${stack}`,
  listeners: [],
  healthy: true,
});

function needsOf(options: { balancers: unknown[]; services?: { name: string; status: string }[]; all?: string[]; istio?: unknown[] }) {
  const { services = [{ name: 'cart', status: 'healthy' }] } = options;
  return {
    created: at,
    inventory: { loadBalancers: options.balancers, services: (options.all ?? services.map(({ name }) => name)).map((name) => ({ name })) },
    opened: { services: services.map(({ name }) => ({ name, namespace: name })) },
    awaited: { services },
    istio: { loadBalancers: options.istio ?? [] },
  };
}

describe('verifying the services', () => {
  let remote: Remote;
  let api: Kubernetes;

  beforeEach(async () => {
    const world = bareWorld();
    seedCluster(world);
    remote = await startRemote([sts, iam, ec2, eks, elb, kubernetes], { world });
    createClusterState(remote.running.sandbox, at);
    addNodes(remote.running.sandbox, at, 2);
    api = await remote.clients.kubernetes(at);
    await runLoadBalancerController(remote.clients);
  });

  afterEach(() => remote.stop());

  /** A service behind a network load balancer, in a namespace of the same name. */
  async function deploy(name: string, image = 'registry.example.com/app:1'): Promise<void> {
    const by = { fieldManager: 'argocd-controller' };
    const labels = { app: name };
    await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, by);
    const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image, ports: [{ containerPort: 8080 }] }] } };
    await api.apply(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: name },
        spec: { replicas: 1, selector: { matchLabels: labels }, template },
      },
      by,
    );
    const annotations = {
      'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
    };
    const spec = { type: 'LoadBalancer', selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] };
    await api.apply({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: name, annotations }, spec }, by);
  }

  it('waits for healthy targets and joins old and new endpoints', async () => {
    await deploy('cart');
    const context = contextOf(remote, { needs: needsOf({ balancers: [old('cart/cart'), old('mail/mail')], all: ['cart', 'mail'] }) });
    const plan = await planStep(verifyServices, context);
    expect(waitsIn(plan)).to.deep.equal(['load-balancers-healthy']);
    await applyStep(verifyServices, context, plan);
    const { endpoints, leftOut } = await verifyServices.finish(context);
    expect(endpoints).to.have.length(1);
    expect(endpoints[0]?.old.dnsName).to.equal('old-cart-cart.elb.eu-west-1.amazonaws.com');
    expect(endpoints[0]?.new.dnsName).to.match(/\.elb\.eu-central-1\.amazonaws\.com$/);
    expect(endpoints[0]?.new.zoneId).not.to.equal('Z2IFOLAFXWLO4F');
    expect(leftOut.map(({ stack, reason }) => [stack, reason])).to.deep.equal([['mail/mail', 'its service is not part of this recovery']]);
  });

  it('lists every gap at once, and stops waiting for what is not even being made', async () => {
    await deploy('cart');
    const services = ['cart', 'mail', 'shop'].map((name) => ({ name, status: 'healthy' }));
    const balancers = [old('cart/cart', 'network', 'internal'), old('mail/mail'), old('shop/web', 'application')];
    const context = contextOf(remote, { needs: needsOf({ balancers, services }) });
    await applyStep(verifyServices, context, await planStep(verifyServices, context));
    const error = await failure('endpoint-unmapped', async () => verifyServices.finish(context));
    expect(error.message).to.contain('3 of 3').and.contain('cart/cart').and.contain('mail/mail').and.contain('shop/web');
  });

  it('does not hold up the others for a service that was accepted as unhealthy', async () => {
    await deploy('cart');
    await deploy('mail', 'registry.example.com/app:missing');
    const services = [
      { name: 'cart', status: 'healthy' },
      { name: 'mail', status: 'waived' },
    ];
    const context = contextOf(remote, { needs: needsOf({ balancers: [old('cart/cart'), old('mail/mail')], services }) });
    await applyStep(verifyServices, context, await planStep(verifyServices, context));
    const { endpoints, leftOut } = await verifyServices.finish(context);
    expect(endpoints.map(({ stack }) => stack)).to.deep.equal(['cart/cart']);
    expect(
      leftOut.map(({ stack, reason }) => [
        stack,
        /accepted as unhealthy; its load balancer|accepted as unhealthy; \d+ of its/.test(reason),
      ]),
    ).to.deep.equal([['mail/mail', true]]);
  });

  it('lists the pods that run without their sidecar or secrets beside the endpoints without successor', async () => {
    await deploy('cart');
    const by = { fieldManager: 'test' };
    await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cart', labels: { 'istio-injection': 'enabled' } } }, by);
    const type = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };
    await api.apply({ ...type, metadata: { name: 'istio-sidecar-injector' }, webhooks: [] }, by);
    const context = contextOf(remote, { needs: needsOf({ balancers: [old('cart/cart', 'network', 'internal')] }) });
    const error = await failure('endpoint-unmapped', async () => verifyServices.finish(context));
    const [uninjected] = error.also;
    expect(uninjected?.code).to.equal('unhealthy');
    expect(uninjected?.message).to.match(/ cart\/cart-\S+ without the Istio sidecar/);
    expect(uninjected?.remedy).to.contain('rollout restart').and.contain('cart');
  });

  it('needs the load balancers before Istio, too, whatever the primary had', async () => {
    const gateway = { stack: 'istio-ingress/istio-ingress', type: 'network', scheme: 'internet-facing' };
    const context = contextOf(remote, { needs: needsOf({ balancers: [], istio: [gateway] }) });
    const [wait] = (await planStep(verifyServices, context)).flat();
    expect(wait).to.have.nested.property('args.expected').that.deep.equals([gateway]);
    const error = await failure('unhealthy', async () => verifyServices.finish(context));
    expect(error.message).to.contain('istio-ingress/istio-ingress (network, internet-facing): there is none any more');
  });

  describe('with probes', () => {
    let server: Server;
    let port: number;
    const lookedUp: string[] = [];

    beforeEach(async () => {
      lookedUp.length = 0;
      server = createServer((request, response) => response.writeHead(request.url === '/health' ? 200 : 503).end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
    });
    afterEach(() => server.close());

    /** The wait of the step has `probes`; a server on loopback plays all load balancers. */
    function probing(probes: object[], services?: { name: string; status: string }[]) {
      const base = estateWith();
      const parsed = probes.map((one) => probe.parse({ host: 'shop.example.com', scheme: 'http', port, ...one }));
      const needs = needsOf({
        balancers: [old('cart/cart'), old('mail/mail')],
        ...(services === undefined ? {} : { services }),
        all: ['cart', 'mail'],
      });
      const context = contextOf(remote, { needs, estate: { ...base, services: { ...base.services, probes: parsed } } });
      const { signal } = remote.clients;
      const clients = { ...remote.clients, endpoint: async () => connectEndpoint({ signal, lookup: toLoopback(lookedUp) }) };
      return { ...context, clients: clients as never };
    }

    it('asks the new load balancer before DNS leads to it', async () => {
      await deploy('cart');
      const context = probing([{ name: 'cart', path: '/health', stack: 'cart/cart' }]);
      const plan = await planStep(verifyServices, context);
      expect(waitsIn(plan)).to.deep.equal(['load-balancers-healthy', 'endpoints-answer']);
      await applyStep(verifyServices, context, plan);
      const { endpoints } = await verifyServices.finish(context);
      expect(new Set(lookedUp.map((name) => name.toLowerCase()))).to.deep.equal(new Set([endpoints[0]?.new.dnsName]));
    });

    it('names every probe that fails at once, also where it is not clear which load balancer is meant', async () => {
      await deploy('cart');
      await deploy('mail');
      const both = ['cart', 'mail'].map((name) => ({ name, status: 'healthy' }));
      const context = probing(
        [
          { name: 'good', path: '/health', stack: 'cart/cart' },
          { name: 'down', path: '/', stack: 'cart/cart' },
          { name: 'expected', path: '/', stack: 'cart/cart', expectStatus: [503, '2xx'] },
          { name: 'closed', port: 1, stack: 'mail/mail' },
          { name: 'unclear', path: '/health' },
        ],
        both,
      );
      await applyStep(verifyServices, context, await planStep(verifyServices, context));
      const error = await failure('unhealthy', async () => verifyServices.finish(context));
      expect(error.message)
        .to.contain('3 of 5 probes fail')
        .and.match(/down \(http:\/\/shop\.example\.com:\d+\/\): status 503 instead of 200-399/)
        .and.match(/closed \(http:\/\/shop\.example\.com:1\/\): the connection was refused/)
        .and.match(/unclear \(.*\): which of 2 load balancers is meant can't be told: cart\/cart \(network, internet-facing\), mail\/mail/);
    });

    it('leaves out probes of what is not recovered, and says so', async () => {
      await deploy('cart');
      const context = probing([{ name: 'mail', stack: 'mail/mail' }]);
      const plan = await planStep(verifyServices, context);
      expect(waitsIn(plan)).to.deep.equal(['load-balancers-healthy']);
      await applyStep(verifyServices, context, plan);
      await verifyServices.finish(context);
      expect(remote.lines.some((line) => line.includes('Left out: the probe mail'))).to.equal(true);
    });
  });

  it('has nothing to do where no service has an endpoint', async () => {
    const context = contextOf(remote, { needs: needsOf({ balancers: [] }) });
    expect(await planStep(verifyServices, context)).to.deep.equal([]);
    expect(await verifyServices.finish(context)).to.deep.equal({ endpoints: [], leftOut: [] });
  });
});
