import * as z from 'zod';
import { kubernetesName, seconds } from './common.ts';

const workload = z
  .strictObject({
    namespace: kubernetesName,
    kind: z
      .enum(['Deployment', 'StatefulSet', 'CronJob', 'Job'])
      .describe('Deployments and StatefulSets are scaled to zero; CronJobs, with the Jobs that they started, and Jobs are suspended.'),
    name: z.string().min(1).optional(),
    selector: z.string().min(1).optional().describe('A label selector, such as app.kubernetes.io/component=worker.'),
  })
  .refine(({ name, selector }) => (name === undefined) !== (selector === undefined), 'must have either a name or a selector');

/** What of the primary a recovery stops first, so that two platforms never work the same queues. */
export const fence = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Whether a recovery stops what is listed here before it deploys anything. Drills never touch the primary.'),
    holdReconciliation: z
      .boolean()
      .default(true)
      .describe(
        'Whether Argo CD leaves the applications of the primary as they are meanwhile (argocd.argoproj.io/skip-reconcile). Without that, it scales up again what it heals by itself.',
      ),
    workloads: z
      .array(workload)
      .default([])
      .describe('What must not work twice: consumers of queues, jobs. What only answers requests is better left to the switch of DNS.'),
    answerSeconds: seconds
      .default(20)
      .describe('How long the primary may take to answer. One that does not is unreachable: the recovery goes on, and says so.'),
    stopSeconds: seconds.default(60).describe('How long its pods may take to end. Those that are still there then are reported.'),
  })
  .prefault({});

export type FencedWorkload = z.infer<typeof workload>;
