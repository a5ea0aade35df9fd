import { expect } from 'chai';
import type { Chart, Json } from '../../../sandbox/charts/chart.ts';
import { istioBase } from '../../../sandbox/charts/istio-base.ts';
import { istioGateway } from '../../../sandbox/charts/istio-gateway.ts';
import { istiod } from '../../../sandbox/charts/istiod.ts';
import { vaultChart } from '../../../sandbox/charts/vault.ts';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { listObjects } from '../../../sandbox/kubernetes/delivery.ts';
import { failureOf } from '../../../sandbox/kubernetes/failure.ts';
import type { KubeObject } from '../../../sandbox/kubernetes/object.ts';
import { seedCluster, seedObjects, settleCluster } from '../../../sandbox/kubernetes/seed.ts';
import type { World } from '../../../sandbox/world.ts';
import { seedLoadBalancerController } from './load-balancer-controller.ts';
import { clusterRole, nodeRole, platformWorld, shop, worldClock } from './platform.ts';

const MINUTE = 60_000;
const SIDECARS = 'MutatingWebhookConfiguration';
const CHECKS = 'ValidatingWebhookConfiguration';

interface Webhooks extends KubeObject {
  readonly webhooks: readonly { readonly failurePolicy: string; readonly clientConfig: { readonly caBundle?: string } }[];
}

describe('sandbox: what add-ons do once they run', () => {
  let world: World;
  let now: number;

  /** `nodes`: none lets nothing become ready. */
  function start(nodes = 3): void {
    world = platformWorld();
    now = worldClock;
    const subnetIds = defaultNetwork(world, shop.region).subnets.map(({ id }) => id);
    const options = { roleArn: clusterRole, nodeRole, nodes, admins: [nodeRole], subnetIds, authenticationMode: 'API' };
    seedCluster(world, { name: shop.cluster, region: shop.region, createdAt: now - 60 * MINUTE, ...options });
    settleCluster(world, shop, now);
  }
  const pass = (ms: number): void => {
    now += ms;
    settleCluster(world, shop, now);
  };
  const apply = (...objects: readonly KubeObject[]): void => seedObjects(world, shop, objects, 'test', now);
  const namespace = (name: string, labels: Record<string, string> = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  });
  const install = (chart: Chart, values: Json, place: string, release = chart.name): void => {
    const objects = chart.render(values, { name: release, namespace: place, skipCrds: false, salt: 'a' }) as unknown as KubeObject[];
    apply(namespace(place));
    apply(...objects);
  };
  const webhooks = (kind: string, name: string): Webhooks['webhooks'] => {
    const found = listObjects(world, shop, kind).find(({ metadata }) => metadata.name === name) as Webhooks | undefined;
    return found?.webhooks ?? [];
  };
  const authorities = (kind: string, name: string): string[] => [
    ...new Set(webhooks(kind, name).map(({ clientConfig }) => clientConfig.caBundle ?? '')),
  ];
  const pods = (place: string) => listObjects(world, shop, 'Pod').filter((pod) => pod.metadata.namespace === place);
  /** Of all pods in a namespace, or of one. */
  const images = (place: string, name?: string): unknown[] =>
    pods(place)
      .filter(({ metadata }) => name === undefined || metadata.name === name)
      .flatMap(({ spec }) => (spec as { containers: { image: string }[] }).containers.map(({ image }) => image));
  const refusal = (work: () => void): string => {
    try {
      work();
    } catch (thrown) {
      return failureOf(thrown)?.message ?? String(thrown);
    }
    return 'none';
  };
  const pod = (name: string, annotations: Record<string, string> = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', annotations },
    spec: { containers: [{ name: 'main', image: 'example.com/main:1' }] },
  });

  it('istiod writes its authority into its webhooks when it is ready, and lets its checks fail closed', () => {
    start();
    install(istioBase, {}, 'istio-system');
    install(istiod, {}, 'istio-system');
    expect(authorities(SIDECARS, 'istio-sidecar-injector')).to.deep.equal(['']);
    expect(webhooks(CHECKS, 'istiod-default-validator')[0]?.failurePolicy).to.equal('Ignore');
    pass(5 * MINUTE);
    const [authority = ''] = authorities(SIDECARS, 'istio-sidecar-injector');
    expect(authority).to.not.equal('');
    for (const name of ['istiod-default-validator', 'istio-validator-istio-system']) {
      expect(authorities(CHECKS, name), name).to.deep.equal([authority]);
      expect(webhooks(CHECKS, name)[0]?.failurePolicy, name).to.equal('Fail');
    }
  });

  it('istiod refuses pods of labelled namespaces until it answers, then gives them a sidecar', () => {
    start();
    install(istioBase, {}, 'istio-system');
    install(istiod, {}, 'istio-system');
    apply(namespace('shop', { 'istio-injection': 'enabled' }));
    expect(refusal(() => apply(pod('early')))).to.contain('no endpoints available for service "istiod"');
    pass(5 * MINUTE);
    apply(pod('later'));
    expect(images('shop')).to.deep.equal(['example.com/main:1', 'docker.io/istio/proxyv2:1.30.3']);
  });

  it('a gateway that was there before istiod keeps the image auto, which cannot be pulled', () => {
    start();
    install(istioGateway, {}, 'istio-ingress', 'istio-ingress');
    pass(2 * MINUTE);
    install(istioBase, {}, 'istio-system');
    install(istiod, {}, 'istio-system');
    pass(5 * MINUTE);
    expect(images('istio-ingress')).to.deep.equal(['auto']);
    expect(JSON.stringify(pods('istio-ingress')[0]?.status)).to.contain('ImagePullBackOff');
  });

  it('the injector of Vault writes its authority when it is ready; a pod that came before has no agent', () => {
    start();
    const values = { global: { externalVaultAddr: 'https://vault.example.com' }, server: { enabled: false }, injector: {} };
    install(vaultChart, values, 'vault');
    apply(namespace('shop'), pod('early', { 'vault.hashicorp.com/agent-inject': 'true' }));
    expect(authorities(SIDECARS, 'vault-agent-injector-cfg')).to.deep.equal(['']);
    pass(5 * MINUTE);
    expect(authorities(SIDECARS, 'vault-agent-injector-cfg')).to.not.deep.equal(['']);
    apply(pod('later', { 'vault.hashicorp.com/agent-inject': 'true' }));
    expect(images('shop', 'early')).to.deep.equal(['example.com/main:1']);
    expect(images('shop', 'later')).to.deep.equal(['example.com/main:1', 'hashicorp/vault:2.0.4']);
  });

  describe('the load balancer controller', () => {
    const balanced: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'edge', namespace: 'default' },
      spec: { type: 'LoadBalancer', selector: { app: 'edge' }, ports: [{ port: 80 }] },
    };
    const balancers = (): unknown[] => Object.values(world.elb.regions[shop.region]?.loadBalancers ?? {});

    it('makes load balancers for Services that were there before it, and none while it is not ready', () => {
      start();
      apply(balanced);
      pass(10 * MINUTE);
      expect(balancers()).to.deep.equal([]);
      seedLoadBalancerController(world, shop, nodeRole, now);
      pass(10 * MINUTE);
      expect(balancers()).to.have.length(1);
    });

    it('refuses every Service while none of its pods is ready', () => {
      start(0);
      seedLoadBalancerController(world, shop, nodeRole, now);
      pass(5 * MINUTE);
      expect(refusal(() => apply(balanced))).to.contain('no endpoints available for service "aws-load-balancer-webhook-service"');
    });

    it('makes nothing by a role that may do nothing', () => {
      start();
      seedLoadBalancerController(world, shop, nodeRole, now);
      pass(5 * MINUTE);
      world.iam.roles['eks-node']?.attached.splice(0);
      apply(balanced);
      pass(10 * MINUTE);
      expect(balancers()).to.deep.equal([]);
    });
  });
});
