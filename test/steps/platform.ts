import { defaultNetwork, type Network } from '../../sandbox/ec2/network.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { ArgoCd } from '../../steps/clients/argocd.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import type { Kubernetes } from '../../steps/clients/kubernetes.ts';
import { addons } from '../../steps/estate/addons.ts';
import { installLoadBalancerController } from '../../steps/install-load-balancer-controller.ts';
import { registerArgocd } from '../../steps/register-argocd.ts';
import { CLUSTER, REGION, seedRunningCluster } from './cluster.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';
import { applyStep, planStep } from './walking.ts';

export const at = { region: REGION, cluster: CLUSTER };

/** A recovery cluster that Argo CD knows, with the load balancer controller: where the other add-ons begin. */
export interface Platform {
  readonly remote: FullRemote;
  readonly clients: Clients;
  readonly kubernetes: Kubernetes;
  readonly argocd: ArgoCd;
  readonly network: Network;
  /** What a step is handed, with this section `addons` in its estate. */
  context(section: object, options?: ContextOptions): ReturnType<typeof contextOf>;
  stop(): Promise<void>;
}

interface ContextOptions {
  readonly mode?: 'drill' | 'recover';
  readonly estateFolder?: string;
  /** The outputs of the Terraform module. */
  readonly values?: object;
}

/** `nodes`: those of the cluster's node group. `controller: false`: without the load balancer controller. */
export async function startPlatform(nodes = 3, options: { readonly controller?: boolean } = {}): Promise<Platform> {
  const world = shopWorld({ services: 'small' });
  const network = defaultNetwork(world, REGION);
  for (const subnet of network.subnets) subnet.tags['karpenter.sh/discovery'] = CLUSTER;
  seedRunningCluster(world, { nodes });
  const remote = await startFullRemote(world);
  const clients = remote.clients({ estate: estateWith(), run: runWith() });
  const kubernetes = await clients.kubernetes(at);
  const { accountId } = world;
  const connected = {
    ...at,
    accountId,
    endpoint: kubernetes.endpoint,
    ca: kubernetes.ca,
    version: kubernetes.version,
    vpcId: network.vpc.id,
    clusterSecurityGroupId: network.securityGroups[0]?.id ?? '',
    oidcIssuer: 'https://oidc.eks.eu-central-1.amazonaws.com/id/0A',
  };
  const context: Platform['context'] = (section, { mode = 'drill', values = {}, estateFolder = '.' } = {}) =>
    contextOf({ clients: { ...clients, estateFolder } } as never, {
      estate: estateWith({ addons: addons.parse(section) }),
      run: runWith({ mode }),
      needs: { connected, registered: { name: CLUSTER }, created: { values } },
    });
  const bare = context({ loadBalancerController: {} });
  await applyStep(registerArgocd, bare, await planStep(registerArgocd, bare));
  if (options.controller !== false) {
    await applyStep(installLoadBalancerController, bare, await planStep(installLoadBalancerController, bare));
  }
  return { remote, clients, kubernetes, argocd: await clients.argocd(), network, context, stop: () => remote.stop() };
}
