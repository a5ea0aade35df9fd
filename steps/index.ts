import { awaitServices } from './await-services.ts';
import { configureVault } from './configure-vault.ts';
import { configureWorkloadIdentity } from './configure-workload-identity.ts';
import { connectCluster } from './connect-cluster.ts';
import { createCluster } from './create-cluster.ts';
import { deployKarpenter } from './deploy-karpenter.ts';
import { fencePrimary } from './fence-primary.ts';
import { installAddons } from './install-addons.ts';
import { installIstio } from './install-istio.ts';
import { installLoadBalancerController } from './install-load-balancer-controller.ts';
import { installVaultInjector } from './install-vault-injector.ts';
import { mergeDeploy } from './merge-deploy.ts';
import { openMergeRequest } from './open-merge-request.ts';
import { openNetworkPaths } from './open-network-paths.ts';
import { preflight } from './preflight.ts';
import { prepareEndpoints } from './prepare-endpoints.ts';
import { prepareNamespaces } from './prepare-namespaces.ts';
import { prepareRecords } from './prepare-records.ts';
import { prepareRoles } from './prepare-roles.ts';
import { registerArgocd } from './register-argocd.ts';
import { report } from './report.ts';
import type { Step } from './step.ts';
import { switchApiGateway } from './switch-api-gateway.ts';
import { switchCloudfront } from './switch-cloudfront.ts';
import { switchRoute53 } from './switch-route53.ts';
import { takeInventory } from './take-inventory.ts';
import { verifyServices } from './verify-services.ts';

/** Every step, in the order in which people think of them; `needs` and `after` make the graph. */
export const steps: readonly Step[] = [
  takeInventory,
  prepareRoles,
  prepareRecords,
  preflight,
  fencePrimary,
  createCluster,
  openMergeRequest,
  connectCluster,
  openNetworkPaths,
  configureWorkloadIdentity,
  registerArgocd,
  prepareNamespaces,
  configureVault,
  installLoadBalancerController,
  deployKarpenter,
  installVaultInjector,
  installIstio,
  installAddons,
  prepareEndpoints,
  mergeDeploy,
  awaitServices,
  verifyServices,
  switchApiGateway,
  switchCloudfront,
  switchRoute53,
  report,
];
