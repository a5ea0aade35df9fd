import { createHash } from 'node:crypto';
import { isFields, type KubeObject, textAt } from '../object.ts';
import { type Context, find } from '../store.ts';
import { injectIstio } from './inject-istio.ts';
import { injectVault } from './inject-vault.ts';

/** What stands behind a webhook. */
interface WebhookServer {
  /** Base64 of the PEM that its certificate is signed by; null where it has none yet. */
  ca(context: Context, namespace: string): string | null;
  mutate?(context: Context, object: KubeObject): KubeObject;
}

const loadBalancerController: WebhookServer = {
  ca: ({ cluster }, namespace) => textAt(find(cluster, 'core/secrets', `${namespace}/aws-load-balancer-tls`), 'data', 'ca.crt') ?? null,
  mutate(_context, service) {
    const spec = isFields(service.spec) ? service.spec : {};
    if (spec.type !== 'LoadBalancer' || spec.loadBalancerClass !== undefined) return service;
    return { ...service, spec: { ...spec, loadBalancerClass: 'service.k8s.aws/nlb' } };
  },
};

const istio: WebhookServer = { ca: (context) => generatedCa(context, 'istio'), mutate: (_context, pod) => injectIstio(pod) };

/** Those of the charts that are known here, by the names of their webhooks. Others let everything pass. */
const servers: Readonly<Record<string, WebhookServer>> = {
  'mservice.elbv2.k8s.aws': loadBalancerController,
  'vingress.elbv2.k8s.aws': { ca: loadBalancerController.ca },
  'rev.namespace.sidecar-injector.istio.io': istio,
  'rev.object.sidecar-injector.istio.io': istio,
  'namespace.sidecar-injector.istio.io': istio,
  'object.sidecar-injector.istio.io': istio,
  'validation.istio.io': { ca: istio.ca },
  'rev.validation.istio.io': { ca: istio.ca },
  'vault.hashicorp.com': { ca: (context) => generatedCa(context, 'vault'), mutate: injectVault },
};

/** The authority that a controller makes for itself when it starts. */
export function generatedCa({ cluster }: Context, of: 'istio' | 'vault'): string {
  const digest = createHash('sha256').update(`${of} of ${cluster.region}/${cluster.cluster}`).digest('base64');
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${digest}\n-----END CERTIFICATE-----\n`).toString('base64');
}

export function serverOf(webhook: string): WebhookServer | undefined {
  return servers[webhook];
}
