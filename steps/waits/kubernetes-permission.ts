import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { Kubernetes } from '../clients/kubernetes.ts';
import { parseAs } from '../kit/parse.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';
import { whileAccessSpreads } from './while-access-spreads.ts';

const permission = z.strictObject({ verb: z.string(), group: z.string(), resource: z.string() });
const args = clusterArgs.extend({ permissions: z.array(permission) });

/** What may be done to what: `{ verb: 'create', group: '', resource: 'namespaces' }`. */
export type Permission = z.infer<typeof permission>;

const review = z.object({ status: z.object({ allowed: z.boolean() }) });

/** We may do what later steps need; access policies take seconds to reach the API server. */
export const kubernetesPermission = defineWait<z.infer<typeof args>, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-permission',
  args,
  title: ({ cluster }) => `We may do on ${cluster} what later steps need`,
  expectedSeconds: 10,
  limitSeconds: 180,
  everySeconds: 3,
  look: (clients, { permissions, ...cluster }, waitedSeconds) =>
    whileAccessSpreads(waitedSeconds, async () => {
      const kubernetes = await clients.kubernetes(cluster);
      const answers = await Promise.all(permissions.map(async (wanted) => ({ wanted, allowed: await isAllowed(kubernetes, wanted) })));
      const missing = answers
        .filter(({ allowed }) => !allowed)
        .map(({ wanted }) => `${wanted.verb} ${wanted.resource}${wanted.group === '' ? '' : `.${wanted.group}`}`);
      if (missing.length === 0) return { done: true };
      return { done: false, reason: `not allowed yet: ${missing.join(', ')}` };
    }),
});

/** Whether we may do this anywhere in the cluster. */
export async function isAllowed(kubernetes: Kubernetes, { verb, group, resource: named }: Permission): Promise<boolean> {
  const [resource, subresource] = named.split('/');
  const answer = await kubernetes.create({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: { name: '' },
    spec: { resourceAttributes: { verb, group, resource, ...(subresource === undefined ? {} : { subresource }) } },
  });
  return parseAs(review, answer, "Kubernetes' answer to a SelfSubjectAccessReview", 'remote-answer-invalid').status.allowed;
}
