import { isInjector } from '../admission/inject-vault.ts';
import { generatedCa } from '../admission/servers.ts';
import { at, isFields, type KubeObject, listAt, nameOf, numberAt, textAt } from '../object.ts';
import { schedule } from '../schedule.ts';
import { all, type Context, put } from '../store.ts';

const GROUP = 'admissionregistration.k8s.io';

/** What add-ons do to the cluster when they run: each patches its own webhooks, and takes up what waited for it. */
export function reconcilePlatform(context: Context): void {
  const { cluster, now } = context;
  if (isRunning(context, isIstiod)) patchWebhooks(context, 'istio', (name) => name.endsWith('istio.io'), true);
  if (isRunning(context, isInjector)) patchWebhooks(context, 'vault', (name) => name === 'vault.hashicorp.com', false);
  if (!isRunning(context, isLoadBalancerController)) return;
  for (const service of all(cluster, 'core/services')) {
    if (textAt(service, 'spec', 'type') === 'LoadBalancer' && at(service, 'status', 'loadBalancer', 'ingress') === undefined)
      schedule(cluster, `service ${nameOf(service)}`, now);
  }
  for (const ingress of all(cluster, 'networking.k8s.io/ingresses')) {
    if (at(ingress, 'status', 'loadBalancer', 'ingress') === undefined) schedule(cluster, `ingress ${nameOf(ingress)}`, now);
  }
}

/** Whether a Deployment of this kind has a pod that is available. */
export function isRunning({ cluster }: Context, is: (deployment: KubeObject) => boolean): boolean {
  return all(cluster, 'apps/deployments').some(
    (deployment) => is(deployment) && (numberAt(deployment, 'status', 'availableReplicas') ?? 0) > 0,
  );
}

export function isLoadBalancerController(deployment: KubeObject): boolean {
  return deployment.metadata.labels?.['app.kubernetes.io/name'] === 'aws-load-balancer-controller';
}

function isIstiod(deployment: KubeObject): boolean {
  return deployment.metadata.labels?.app === 'istiod';
}

function patchWebhooks(context: Context, of: 'istio' | 'vault', isOwn: (name: string) => boolean, closes: boolean): void {
  const caBundle = generatedCa(context, of);
  for (const plural of ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']) {
    for (const configuration of all(context.cluster, `${GROUP}/${plural}`)) {
      const webhooks = listAt(configuration, 'webhooks').filter(isFields);
      if (!webhooks.some((webhook) => isOwn(String(webhook.name)))) continue;
      const patched = webhooks.map((webhook) => ({
        ...webhook,
        clientConfig: { ...(isFields(webhook.clientConfig) ? webhook.clientConfig : {}), caBundle },
        // istiod lets its checks fail closed once it can answer them.
        ...(closes && plural.startsWith('validating') ? { failurePolicy: 'Fail' } : {}),
      }));
      put(context, `${GROUP}/${plural}`, { ...configuration, webhooks: patched });
    }
  }
}
