import { roleOf } from '../../iam/principals.ts';
import { isInjector } from '../admission/inject-vault.ts';
import { generatedCa } from '../admission/servers.ts';
import { at, isFields, type KubeObject, listAt, nameOf, numberAt, textAt } from '../object.ts';
import { schedule } from '../schedule.ts';
import { all, type Context, find, put } from '../store.ts';

const GROUP = 'admissionregistration.k8s.io';

/** What add-ons do to the cluster when they run: each patches its own webhooks, and takes up what waited for it. */
export function reconcilePlatform(context: Context): void {
  const { cluster, now } = context;
  if (isRunning(context, isIstiod)) patchWebhooks(context, 'istio', (name) => name.endsWith('istio.io'), true);
  if (isRunning(context, isInjector)) patchWebhooks(context, 'vault', (name) => name === 'vault.hashicorp.com', false);
  schedule(cluster, 'karpenter changed', now);
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

/**
 * Whether the AWS Load Balancer Controller works in a cluster: it runs, was told this cluster's name, and its service account has a role with a
 * policy, by an association or by an annotation.
 */
export function hasLoadBalancerController(context: Context): boolean {
  const { cluster, world } = context;
  return all(cluster, 'apps/deployments').some((deployment) => {
    if (!isLoadBalancerController(deployment) || (numberAt(deployment, 'status', 'availableReplicas') ?? 0) === 0) return false;
    const [container] = listAt(deployment, 'spec', 'template', 'spec', 'containers');
    if (!listAt(container, 'args').includes(`--cluster-name=${cluster.cluster}`)) return false;
    const { namespace = '' } = deployment.metadata;
    const account = textAt(deployment, 'spec', 'template', 'spec', 'serviceAccountName') ?? '';
    const associations = Object.values(world.eks.clusters[`${cluster.region}/${cluster.cluster}`]?.podIdentityAssociations ?? {});
    const associated = associations.find((one) => one.namespace === namespace && one.serviceAccount === account)?.roleArn;
    const annotated = find(cluster, 'core/serviceaccounts', `${namespace}/${account}`)?.metadata.annotations?.[
      'eks.amazonaws.com/role-arn'
    ];
    const role = roleOf(world, associated ?? annotated ?? '');
    return role !== null && (role.attached.length > 0 || Object.keys(role.inline).length > 0);
  });
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
