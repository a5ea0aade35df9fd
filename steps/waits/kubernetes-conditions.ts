import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { brief } from '../kit/text.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

const args = clusterArgs.extend({
  apiVersion: z.string(),
  kind: z.string(),
  /** '' for objects that lie in none. */
  namespace: z.string(),
  name: z.string(),
  /** All of these must be True. */
  conditions: z.array(z.string()).min(1),
});

const status = z.object({
  conditions: z
    .array(
      z.object({
        type: z.string(),
        status: z.string(),
        reason: z.string().optional(),
        message: z.string().optional(),
        observedGeneration: z.number().optional(),
      }),
    )
    .default([]),
});

type Condition = z.infer<typeof status>['conditions'][number];

/** Any object's conditions are True, as its controller sees its newest generation. */
export const kubernetesConditions = defineWait<z.infer<typeof args>, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-conditions',
  args,
  title: ({ cluster, kind, namespace, name }) => `${kind} ${namespace === '' ? name : `${namespace}/${name}`} on ${cluster} is ready`,
  expectedSeconds: 10,
  limitSeconds: 300,
  everySeconds: 3,
  async look(clients, { region, cluster, apiVersion, kind, namespace, name, conditions: wanted }) {
    const object = await (await clients.kubernetes({ region, cluster })).get({ apiVersion, kind, namespace, name });
    if (object === null) return { done: false, reason: 'it does not exist yet' };
    const { data } = status.safeParse(object.status ?? {});
    const generation = object.metadata.generation ?? 0;
    const seen = (data?.conditions ?? []).filter(({ observedGeneration = generation }) => observedGeneration >= generation);
    const open = wanted.flatMap((type) => {
      const condition = seen.find((one) => one.type === type);
      if (condition === undefined) return [`${type} is not known yet`];
      return condition.status === 'True' ? [] : [conditionText(condition)];
    });
    return open.length === 0 ? { done: true } : { done: false, reason: open.join('; ') };
  },
});

/** `SubnetsReady is False: SubnetSelector did not match any Subnets`. */
export function conditionText({ type, status: state, reason = '', message = '' }: Condition): string {
  const why = brief(message === '' ? reason : message, 200).replace(/\.$/, '');
  return `${type} is ${state}${why === '' ? '' : `: ${why}`}`;
}
