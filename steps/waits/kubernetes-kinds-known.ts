import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

const args = clusterArgs.extend({ kinds: z.array(z.strictObject({ apiVersion: z.string(), kind: z.string() })).min(1) });

/** The API server serves these kinds: it takes a moment from a custom resource's definition to its first object. */
export const kubernetesKindsKnown = defineWait<z.infer<typeof args>, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-kinds-known',
  args,
  title: ({ cluster, kinds }) => `${cluster} knows ${kinds.map(({ kind }) => kind).join(', ')}`,
  expectedSeconds: 2,
  limitSeconds: 60,
  everySeconds: 2,
  async look(clients, { region, cluster, kinds }) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const found = await Promise.all(kinds.map(async (kind) => ({ ...kind, scope: await kubernetes.scopeOf(kind) })));
    const missing = found.filter(({ scope }) => scope === null).map(({ apiVersion, kind }) => `${kind} of ${apiVersion}`);
    return missing.length === 0 ? { done: true } : { done: false, reason: `not yet: ${missing.join(', ')}` };
  },
});
