import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

const args = clusterArgs.extend({ namespace: z.string(), secret: z.string() });

const issued = z.object({ data: z.object({ token: z.string().min(1), 'ca.crt': z.string().min(1) }) });

/** The token controller has filled a secret of type kubernetes.io/service-account-token. The token itself stays where it is. */
export const kubernetesServiceAccountToken = defineWait<z.infer<typeof args>, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-service-account-token',
  args,
  title: ({ namespace, secret }) => `The token in secret ${namespace}/${secret} is issued`,
  expectedSeconds: 5,
  limitSeconds: 120,
  everySeconds: 2,
  async look(clients, { region, cluster, namespace, secret }) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const found = await kubernetes.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: secret });
    if (found === null) return { done: false, reason: 'the secret does not exist; its service account may be missing' };
    return issued.safeParse(found).success ? { done: true } : { done: false, reason: 'the token controller has not filled it yet' };
  },
});
