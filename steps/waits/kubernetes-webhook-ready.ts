import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { Kubernetes } from '../clients/kubernetes.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

// A sync writes one after the other.
const SETTLED_SECONDS = 30;

const args = clusterArgs.extend({
  webhooks: z.enum(['mutating', 'validating']),
  name: z.string(),
  /** The secret whose `ca.crt` the webhooks must trust, where the chart makes both. */
  certificate: z.object({ namespace: z.string(), name: z.string() }).optional(),
});

type Args = z.infer<typeof args>;

const kinds = { mutating: 'MutatingWebhookConfiguration', validating: 'ValidatingWebhookConfiguration' } as const;

const configuration = z.object({
  webhooks: z
    .array(
      z.object({
        name: z.string(),
        clientConfig: z.object({
          caBundle: z.string().optional(),
          service: z.object({ namespace: z.string(), name: z.string() }).optional(),
        }),
      }),
    )
    .default([]),
});
const slice = z.object({
  endpoints: z.array(z.object({ conditions: z.object({ ready: z.boolean().nullish() }).optional() })).nullish(),
});

/**
 * The API server can call the webhooks of a configuration: each has a CA, the one that its certificate is signed by, and its service a ready
 * endpoint.
 */
export const kubernetesWebhookReady = defineWait<Args, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-webhook-ready',
  args,
  title: ({ cluster, webhooks, name }) => `The ${webhooks} webhooks of ${name} on ${cluster} can be called`,
  expectedSeconds: 10,
  limitSeconds: 300,
  everySeconds: 3,
  async look(clients, { region, cluster, webhooks, name, certificate }, waitedSeconds) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const found = await kubernetes.get({ apiVersion: 'admissionregistration.k8s.io/v1', kind: kinds[webhooks], name });
    if (found === null) return { done: false, reason: 'the configuration does not exist yet' };
    const { data } = configuration.safeParse(found);
    if (data === undefined || data.webhooks.length === 0) return { done: false, reason: 'the configuration has no webhook yet' };
    const bare = data.webhooks.find(({ clientConfig: { caBundle = '' } }) => caBundle === '');
    if (bare !== undefined) return { done: false, reason: `${bare.name} has no caBundle yet` };
    const stranger = certificate === undefined ? null : await strangerAmong(kubernetes, data.webhooks, certificate);
    if (stranger !== null) return { done: false, reason: stranger, failed: waitedSeconds >= SETTLED_SECONDS };
    for (const service of servicesOf(data.webhooks)) {
      if (!(await hasReadyEndpoint(kubernetes, service)))
        return { done: false, reason: `the service ${service.namespace}/${service.name} has no ready endpoint` };
    }
    return { done: true };
  },
});

/**
 * Where only the configurations or only the secret were made anew, each has a certificate of another render: Argo CD, which was told not to
 * compare them, calls that Synced, and no request gets through.
 */
async function strangerAmong(
  kubernetes: Kubernetes,
  webhooks: z.infer<typeof configuration>['webhooks'],
  { namespace, name }: ServiceRef,
): Promise<string | null> {
  const secret = await kubernetes.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const ca = (secret?.data as Readonly<Record<string, string>> | undefined)?.['ca.crt'];
  const wrong = webhooks.find(({ clientConfig }) => ca !== undefined && clientConfig.caBundle !== ca);
  if (wrong === undefined) return null;
  const way = `delete the secret ${namespace}/${name} and the webhook configurations, then refresh the application hard and sync it`;
  return `${wrong.name} trusts another certificate than that of ${namespace}/${name}: ${way}`;
}

interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
}

function servicesOf(webhooks: z.infer<typeof configuration>['webhooks']): ServiceRef[] {
  const services = webhooks.flatMap(({ clientConfig: { service } }) => service ?? []);
  return [...new Map(services.map((service) => [`${service.namespace}/${service.name}`, service])).values()];
}

async function hasReadyEndpoint(kubernetes: Kubernetes, { namespace, name }: ServiceRef): Promise<boolean> {
  const slices = await kubernetes.list(
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
    { namespace, labelSelector: `kubernetes.io/service-name=${name}` },
  );
  // No `ready` counts as ready: that is how the API defines it.
  return slices.some((found) => (slice.safeParse(found).data?.endpoints ?? []).some(({ conditions }) => conditions?.ready !== false));
}
