import * as z from 'zod';
import { addonApplicationName } from './addons/application.ts';
import { type Installation, install } from './addons/install.ts';
import { addonManifests } from './checks/addon-manifests.ts';
import { istioIngress } from './checks/istio-ingress.ts';
import type { ClusterRef } from './clients/clients.ts';
import type { Kubernetes } from './clients/kubernetes.ts';
import { manages, reads, webhookReads } from './cluster-rights.ts';
import { connectCluster } from './connect-cluster.ts';
import { describeKey, type EndpointKey, sameKey } from './endpoints/endpoint-map.ts';
import { type ClusterLoadBalancer, clusterLoadBalancers } from './endpoints/load-balancers.ts';
import { installLoadBalancerController } from './install-load-balancer-controller.ts';
import { type IstioAddons, istioAddons } from './istio/addons.ts';
import { gatewayPods, rolledAnew } from './istio/early-pods.ts';
import { type Gateway, gatewayOf } from './istio/gateway.ts';
import type { Istio } from './istio/gateway-service.ts';
import { ingressManifests, istioKinds } from './istio/ingress-manifests.ts';
import { type WayIn, waysOfGateway, waysOfManifests } from './istio/ways-in.ts';
import { istiodWebhooks } from './istio/webhooks.ts';
import { EksDrError } from './kit/errors.ts';
import type { Run } from './kit/run.ts';
import type { Manifest } from './manifests/manifest.ts';
import { manifestItems, placeManifests } from './manifests/place-manifests.ts';
import { registerArgocd } from './register-argocd.ts';
import { argocdApplication, argocdApplicationAlone } from './resources/argocd-application.ts';
import { argocdAutomatedSync } from './resources/argocd-automated-sync.ts';
import { kubernetesObject } from './resources/kubernetes-object.ts';
import { defineStep } from './step.ts';
import { argocdApplicationHealthy } from './waits/argocd-application-healthy.ts';
import { istioGatewayInjected } from './waits/istio-gateway-injected.ts';
import { kubernetesKindsKnown } from './waits/kubernetes-kinds-known.ts';
import { kubernetesLoadBalancerNamed } from './waits/kubernetes-load-balancer-named.ts';
import { kubernetesWebhookReady } from './waits/kubernetes-webhook-ready.ts';

const key = { stack: z.string(), type: z.enum(['network', 'application']), scheme: z.enum(['internet-facing', 'internal']) };

export const installIstio = defineStep({
  id: 'install-istio',
  title: 'Install Istio and its ingress',
  needs: { connected: connectCluster, registered: registerArgocd },
  after: [installLoadBalancerController],
  reads: ['addons', 'argocd', 'namespaces'],
  outputs: z.object({
    applications: z.array(z.string()),
    /** Those of the gateway and of what stands before it: there, though it takes minutes until they are active, which verify-services sees to. */
    loadBalancers: z.array(z.object({ ...key, dnsName: z.string(), zoneId: z.string() })),
  }),
  drivers: [argocdApplication, argocdApplicationAlone, argocdAutomatedSync, kubernetesObject],
  waits: [argocdApplicationHealthy, kubernetesWebhookReady, istioGatewayInjected, kubernetesKindsKnown, kubernetesLoadBalancerNamed],
  checks: [istioIngress, addonManifests],
  onCluster: [
    ...manages('networking.istio.io', 'gateways'),
    ...manages('networking.k8s.io', 'ingresses'),
    ...manages('apps', 'deployments'),
    ...reads('', 'services', 'pods', 'events'),
    ...webhookReads,
  ],

  async describe({ estate, run, clients, needs: { connected, registered } }) {
    const at = { region: connected.region, cluster: connected.cluster };
    const kubernetes = await clients.kubernetes(at);
    const wanted = await wantedOf(estate.addons.istio, {
      run,
      at,
      kubernetes,
      estateFolder: clients.estateFolder,
      excludedNamespaces: estate.namespaces.exclude,
    });
    if (wanted === null) return [];
    const { addons, gateway, manifests, ways } = wanted;
    const installation: Installation = { estate, run, cluster: registered.name };
    const early = (await gatewayPods(kubernetes, gateway))?.early ?? [];
    const named = ({ kind, namespace, name }: WayIn) => kubernetesLoadBalancerNamed.for({ ...at, kind, namespace, name });
    return [
      ...install(addons.base, installation),
      ...install(addons.istiod, installation),
      istiodWebhooks(addons.istiod).map((webhook) => kubernetesWebhookReady.for({ ...at, ...webhook })),
      ...install(addons.gateway, installation, [
        ...rolledAnew(at, gateway, early),
        istioGatewayInjected.for({ ...at, namespace: gateway.namespace, name: gateway.name }),
        ...ways.gateway.map(named),
      ]),
      ...manifestItems(at, manifests, run.id),
      ways.manifests.map(named),
    ];
  },

  async finish({ estate, run, clients, needs: { connected, registered } }) {
    const at = { region: connected.region, cluster: connected.cluster };
    const kubernetes = await clients.kubernetes(at);
    const wanted = await wantedOf(estate.addons.istio, {
      run,
      at,
      kubernetes,
      estateFolder: clients.estateFolder,
      excludedNamespaces: estate.namespaces.exclude,
    });
    if (wanted === null) return { applications: [], loadBalancers: [] };
    const balancers = await clusterLoadBalancers(await clients.elb(at.region), at.cluster);
    return {
      applications: Object.values(wanted.addons).map(({ name }) => addonApplicationName(registered.name, name)),
      loadBalancers: presentOnes(wanted.expected, balancers, at.cluster),
    };
  },
});

interface Wanted {
  readonly addons: IstioAddons;
  readonly gateway: Gateway;
  readonly manifests: readonly Manifest[];
  readonly ways: { readonly gateway: readonly WayIn[]; readonly manifests: readonly WayIn[] };
  /** The load balancers of all ways in. */
  readonly expected: EndpointKey[];
}

/** What the estate wants of Istio; null: nothing. Throws every mistake of the manifests at once. */
async function wantedOf(
  istio: Istio | undefined,
  place: {
    readonly run: Pick<Run, 'id'>;
    readonly at: ClusterRef;
    readonly kubernetes: Kubernetes;
    readonly estateFolder: string;
    readonly excludedNamespaces: readonly string[];
  },
): Promise<Wanted | null> {
  if (istio === undefined) return null;
  const { run, at, kubernetes, ...folders } = place;
  const addons = await istioAddons(istio, run);
  const gateway = gatewayOf(addons.gateway);
  const values = { cluster: at.cluster, region: at.region, run: run.id };
  const manifests = await placeManifests(kubernetes, await ingressManifests(istio, gateway, { run, ...folders, values }), istioKinds);
  const ways = { gateway: waysOfGateway(gateway), manifests: waysOfManifests(manifests) };
  return { addons, gateway, manifests, ways, expected: keysOf([...ways.gateway, ...ways.manifests]) };
}

/** Ingresses of one group share a load balancer. */
function keysOf(ways: readonly WayIn[]): EndpointKey[] {
  const keys = ways.map(({ stack, type, scheme }) => ({ stack, type, scheme }));
  return keys.filter((key, index) => keys.findIndex((other) => sameKey(key, other)) === index);
}

function presentOnes(expected: readonly EndpointKey[], balancers: readonly ClusterLoadBalancer[], cluster: string) {
  const found = expected.map((wanted) => ({ wanted, balancer: balancers.find((one) => sameKey(one, wanted)) }));
  const missing = found.filter(({ balancer }) => balancer === undefined).map(({ wanted }) => describeKey(wanted));
  if (missing.length > 0) {
    throw new EksDrError('unhealthy', {
      message: `${missing.length} of the ${expected.length} load balancers before Istio on ${cluster} do not exist: ${missing.join('; ')}.`,
      target: cluster,
      remedy: 'Look at the events of its Service or Ingress and at the log of the AWS Load Balancer Controller, then run the step again.',
    });
  }
  return found.flatMap(({ wanted: { stack, type, scheme }, balancer }) =>
    balancer === undefined ? [] : [{ stack, type, scheme, dnsName: balancer.dnsName, zoneId: balancer.zoneId }],
  );
}
