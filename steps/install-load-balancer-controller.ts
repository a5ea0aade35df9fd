import * as z from 'zod';
import { addonApplicationName } from './addons/application.ts';
import { controllerRole } from './addons/controller-role.ts';
import { install } from './addons/install.ts';
import {
  CONTROLLER,
  CONTROLLER_CERTIFICATE,
  CONTROLLER_WEBHOOK,
  controllerPolicy,
  loadBalancerControllerAddon,
} from './addons/load-balancer-controller.ts';
import { addonProjectAllows } from './checks/addon-project.ts';
import { preparedRoles } from './checks/prepared-roles.ts';
import { reads, webhookReads } from './cluster-rights.ts';
import { connectCluster } from './connect-cluster.ts';
import { registerArgocd } from './register-argocd.ts';
import { argocdApplication, argocdApplicationAlone } from './resources/argocd-application.ts';
import { argocdAutomatedSync } from './resources/argocd-automated-sync.ts';
import { eksPodIdentityAssociation } from './resources/eks-pod-identity-association.ts';
import { iamOidcProvider } from './resources/iam-oidc-provider.ts';
import { iamPolicy } from './resources/iam-policy.ts';
import { iamRole } from './resources/iam-role.ts';
import { rolePolicyDrivers } from './resources/iam-role-policies.ts';
import { defineStep } from './step.ts';
import { argocdApplicationHealthy } from './waits/argocd-application-healthy.ts';
import { kubernetesDeploymentAvailable } from './waits/kubernetes-deployment-available.ts';
import { kubernetesWebhookReady } from './waits/kubernetes-webhook-ready.ts';

export const installLoadBalancerController = defineStep({
  id: 'install-load-balancer-controller',
  title: 'Install the AWS Load Balancer Controller',
  needs: { connected: connectCluster, registered: registerArgocd },
  reads: ['addons', 'argocd'],
  outputs: z.object({ application: z.string().nullable() }),
  drivers: [
    argocdApplication,
    argocdApplicationAlone,
    argocdAutomatedSync,
    eksPodIdentityAssociation,
    iamOidcProvider,
    iamPolicy,
    iamRole,
    ...rolePolicyDrivers,
  ],
  waits: [argocdApplicationHealthy, kubernetesDeploymentAvailable, kubernetesWebhookReady],
  checks: [preparedRoles, addonProjectAllows],
  onCluster: [...reads('apps', 'deployments'), ...webhookReads],

  async describe({ estate, run, needs: { connected, registered } }) {
    const { loadBalancerController: settings, permissionsBoundary } = estate.addons;
    if (settings === undefined) return [];
    const { region, cluster, vpcId } = connected;
    const at = { region, cluster };
    const policies = [{ part: '', document: await controllerPolicy(region) }];
    const { identity, roleArn } = settings;
    const role = controllerRole(
      { what: 'load-balancer-controller', ...CONTROLLER, identity, roleArn, policies },
      { ...connected, run, permissionsBoundary },
    );
    const addon = await loadBalancerControllerAddon(settings, { cluster, region, vpcId, serviceAccountAnnotations: role.annotations });
    // Until its webhook answers, the API server refuses every Service in the cluster.
    const answers = (['mutating', 'validating'] as const).map((webhooks) =>
      kubernetesWebhookReady.for({ ...at, webhooks, name: CONTROLLER_WEBHOOK, certificate: CONTROLLER_CERTIFICATE }),
    );
    return [
      ...role.resources,
      ...install(addon, { estate, run, cluster: registered.name }),
      kubernetesDeploymentAvailable.for({ ...at, namespace: addon.namespace, name: addon.release }),
      answers,
    ];
  },

  finish({ estate, needs: { registered } }) {
    const isWanted = estate.addons.loadBalancerController !== undefined;
    return { application: isWanted ? addonApplicationName(registered.name, 'aws-load-balancer-controller') : null };
  },
});
