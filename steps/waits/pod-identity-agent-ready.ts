import type { Clients } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { podIdentityAgent } from '../workload-identity/agent.ts';
import { type ClusterArgs, clusterArgs } from './cluster-args.ts';

/** Pods can get roles by EKS Pod Identity. Controllers that start before stay without credentials until they are restarted. */
export const podIdentityAgentReady = defineWait<ClusterArgs, Pick<Clients, 'eks' | 'kubernetes'>>({
  wait: 'pod-identity-agent-ready',
  args: clusterArgs,
  title: ({ cluster }) => `The EKS Pod Identity agent of ${cluster} is ready`,
  expectedSeconds: 20,
  limitSeconds: 600,
  everySeconds: 5,
  async look(clients, at) {
    const agent = await podIdentityAgent(clients, at);
    return agent === 'ready' ? { done: true } : { done: false, reason: agent.coming };
  },
});
