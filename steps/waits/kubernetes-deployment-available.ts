import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { parseAs } from '../kit/parse.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs, conditionOf } from './cluster-args.ts';

const args = clusterArgs.extend({ namespace: z.string(), name: z.string() });

const status = z.object({ observedGeneration: z.number().optional(), availableReplicas: z.number().optional() });

/** A Deployment is Available, as its controller sees its newest generation. */
export const kubernetesDeploymentAvailable = defineWait<z.infer<typeof args>, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-deployment-available',
  args,
  title: ({ cluster, namespace, name }) => `Deployment ${namespace}/${name} on ${cluster} is Available`,
  expectedSeconds: 30,
  limitSeconds: 600,
  everySeconds: 5,
  async look(clients, { region, cluster, namespace, name }) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const deployment = await kubernetes.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
    if (deployment === null) return { done: false, reason: 'it does not exist yet' };
    const { observedGeneration = 0, availableReplicas = 0 } = parseAs(
      status,
      deployment.status ?? {},
      `The status of Deployment ${namespace}/${name}`,
      'remote-answer-invalid',
    );
    if (observedGeneration < (deployment.metadata.generation ?? 0)) return { done: false, reason: 'its controller has not seen it yet' };
    const available = conditionOf(deployment, 'Available');
    if (available?.status === 'True') return { done: true };
    return { done: false, reason: `${availableReplicas} replicas available${available === null ? '' : `: ${available.message}`}` };
  },
});
