import * as z from 'zod';
import { addonApplicationName } from './addons/application.ts';
import { furtherAddon, inOrder } from './addons/further.ts';
import { install } from './addons/install.ts';
import { addonProjectAllows } from './checks/addon-project.ts';
import { webhookReads } from './cluster-rights.ts';
import { connectCluster } from './connect-cluster.ts';
import { installLoadBalancerController } from './install-load-balancer-controller.ts';
import { installVaultInjector } from './install-vault-injector.ts';
import type { Resource, Wait } from './kit/resource.ts';
import { registerArgocd } from './register-argocd.ts';
import { argocdApplication, argocdApplicationAlone } from './resources/argocd-application.ts';
import { argocdAutomatedSync } from './resources/argocd-automated-sync.ts';
import { defineStep } from './step.ts';
import { argocdApplicationHealthy } from './waits/argocd-application-healthy.ts';
import { kubernetesWebhookReady } from './waits/kubernetes-webhook-ready.ts';

export const installAddons = defineStep({
  id: 'install-addons',
  title: 'Install the further add-ons',
  needs: { connected: connectCluster, registered: registerArgocd },
  after: [installLoadBalancerController, installVaultInjector],
  reads: ['addons', 'argocd'],
  outputs: z.object({ applications: z.array(z.string()) }),
  drivers: [argocdApplication, argocdApplicationAlone, argocdAutomatedSync],
  waits: [argocdApplicationHealthy, kubernetesWebhookReady],
  checks: [addonProjectAllows],
  onCluster: webhookReads,

  describe({ estate, run, needs: { connected, registered } }) {
    const at = { region: connected.region, cluster: connected.cluster };
    const installation = { estate, run, cluster: registered.name };
    return inOrder(estate.addons.others).flatMap((wave) => [
      ...abreast(wave.map((further) => install(furtherAddon(further), installation))),
      wave.flatMap(({ webhooks }) => webhooks.map(({ kind, name }) => kubernetesWebhookReady.for({ ...at, webhooks: kind, name }))),
    ]);
  },

  finish({ estate, needs: { registered } }) {
    return { applications: estate.addons.others.map(({ name }) => addonApplicationName(registered.name, name)) };
  },
});

/** Several installations beside each other: the first things of all, then the second ones. */
function abreast(installations: readonly (readonly (Resource | Wait)[])[]): (Resource | Wait)[][] {
  const longest = Math.max(0, ...installations.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => installations.flatMap((one) => one[index] ?? []));
}
