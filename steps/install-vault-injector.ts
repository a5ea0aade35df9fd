import * as z from 'zod';
import { addonApplicationName } from './addons/application.ts';
import { install } from './addons/install.ts';
import { vaultInjectorAddon } from './addons/vault-injector.ts';
import { addonProjectAllows } from './checks/addon-project.ts';
import { webhookReads } from './cluster-rights.ts';
import { configureVault } from './configure-vault.ts';
import { connectCluster } from './connect-cluster.ts';
import { installLoadBalancerController } from './install-load-balancer-controller.ts';
import { EksDrError } from './kit/errors.ts';
import { registerArgocd } from './register-argocd.ts';
import { argocdApplication, argocdApplicationAlone } from './resources/argocd-application.ts';
import { argocdAutomatedSync } from './resources/argocd-automated-sync.ts';
import { defineStep } from './step.ts';
import { argocdApplicationHealthy } from './waits/argocd-application-healthy.ts';
import { kubernetesWebhookReady } from './waits/kubernetes-webhook-ready.ts';

const WEBHOOK = 'vault-agent-injector-cfg';

export const installVaultInjector = defineStep({
  id: 'install-vault-injector',
  title: 'Install the injector of Vault',
  needs: { connected: connectCluster, registered: registerArgocd, configured: configureVault },
  after: [installLoadBalancerController],
  reads: ['addons', 'argocd'],
  outputs: z.object({ application: z.string().nullable() }),
  drivers: [argocdApplication, argocdApplicationAlone, argocdAutomatedSync],
  waits: [argocdApplicationHealthy, kubernetesWebhookReady],
  checks: [addonProjectAllows],
  onCluster: webhookReads,

  async describe({ estate, run, needs: { connected, registered, configured } }) {
    const { vaultInjector: settings } = estate.addons;
    if (settings === undefined) return [];
    const { vault } = configured;
    if (vault === null) {
      throw new EksDrError('input-invalid', {
        message: 'The injector needs to know by which path services log in to Vault, but the estate has no part vault.',
        target: 'addons.vaultInjector',
        remedy: 'Describe Vault in the estate, or take addons.vaultInjector out of it.',
      });
    }
    const addon = await vaultInjectorAddon(settings, estate, vault);
    const at = { region: connected.region, cluster: connected.cluster };
    // A pod that is made before it answers either is refused, or runs without its secrets for good.
    const answers = kubernetesWebhookReady.for({ ...at, webhooks: 'mutating', name: WEBHOOK });
    return install(addon, { estate, run, cluster: registered.name }, [answers]);
  },

  finish({ estate, needs: { registered } }) {
    const isWanted = estate.addons.vaultInjector !== undefined;
    return { application: isWanted ? addonApplicationName(registered.name, 'vault-agent-injector') : null };
  },
});
