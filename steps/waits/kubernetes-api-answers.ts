import type { Clients } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { type ClusterArgs, clusterArgs } from './cluster-args.ts';
import { whileAccessSpreads } from './while-access-spreads.ts';

/** The cluster's API server answers and knows who we are; while a new access entry spreads it answers 401. */
export const kubernetesApiAnswers = defineWait<ClusterArgs, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-api-answers',
  args: clusterArgs,
  title: ({ cluster }) => `The Kubernetes API of ${cluster} answers`,
  expectedSeconds: 10,
  limitSeconds: 300,
  everySeconds: 3,
  look: (clients, args, waitedSeconds) =>
    whileAccessSpreads(waitedSeconds, async () => {
      const kubernetes = await clients.kubernetes(args);
      // Everyone who is logged in may ask what they may do.
      await kubernetes.create({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        metadata: { name: '' },
        spec: { resourceAttributes: { verb: 'get', resource: 'namespaces' } },
      });
      return { done: true };
    }),
});
