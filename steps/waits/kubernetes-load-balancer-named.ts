import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { Kubernetes, KubernetesObject } from '../clients/kubernetes.ts';
import { brief, compareText } from '../kit/text.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

const args = clusterArgs.extend({ kind: z.enum(['Service', 'Ingress']), namespace: z.string(), name: z.string() });

type Args = z.infer<typeof args>;

const versions = { Service: 'v1', Ingress: 'networking.k8s.io/v1' } as const;

const status = z.object({
  loadBalancer: z.object({ ingress: z.array(z.object({ hostname: z.string().optional() })).optional() }).optional(),
});
const event = z.object({
  type: z.string().optional(),
  message: z.string().optional(),
  lastTimestamp: z.string().nullish(),
  involvedObject: z.object({ kind: z.string().optional(), name: z.string().optional() }),
});

/** A Service or Ingress has the host name of its load balancer. What keeps the controller from making one is told by its events. */
export const kubernetesLoadBalancerNamed = defineWait<Args, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-load-balancer-named',
  args,
  title: ({ cluster, kind, namespace, name }) => `${kind} ${namespace}/${name} on ${cluster} has a load balancer`,
  expectedSeconds: 20,
  limitSeconds: 600,
  everySeconds: 5,
  async look(clients, { region, cluster, kind, namespace, name }) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const object = await kubernetes.get({ apiVersion: versions[kind], kind, namespace, name });
    if (object === null) return { done: false, reason: 'it does not exist yet' };
    const { data } = status.safeParse(object.status ?? {});
    if ((data?.loadBalancer?.ingress ?? []).some(({ hostname = '' }) => hostname !== '')) return { done: true };
    const warning = await lastWarning(kubernetes, object, kind);
    return { done: false, reason: warning ?? 'the AWS Load Balancer Controller has not given it a host name yet' };
  },
});

async function lastWarning(kubernetes: Kubernetes, { metadata }: KubernetesObject, kind: string): Promise<string | null> {
  const listed = await kubernetes.list(
    { apiVersion: 'v1', kind: 'Event' },
    { namespace: metadata.namespace ?? '', fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${metadata.name}` },
  );
  const warnings = listed
    .flatMap((found) => event.safeParse(found).data ?? [])
    .filter(({ type, message }) => type === 'Warning' && message !== undefined)
    .toSorted((a, b) => compareText(a.lastTimestamp ?? '', b.lastTimestamp ?? ''));
  const last = warnings.at(-1)?.message;
  return last === undefined ? null : brief(last);
}
