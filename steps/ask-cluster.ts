import * as z from 'zod';
import { awsErrorName } from './clients/aws-errors.ts';
import type { Clients, ClusterRef } from './clients/clients.ts';
import { EksDrError } from './kit/errors.ts';
import { recoveryClusterName } from './naming.ts';
import { defineStep } from './step.ts';
import { targetOf } from './target.ts';

export const askCluster = defineStep({
  id: 'ask-cluster',
  title: 'Ask whether the new cluster answers',
  needs: {},
  reads: ['name', 'targets'],
  outputs: z.object({
    cluster: z.string(),
    answers: z.boolean(),
    /** What it, or somebody in its place, said. */
    said: z.string(),
  }),
  drivers: [],
  waits: [],
  checks: [],

  async finish({ estate, run, clients }) {
    const ref = { region: targetOf(estate, run).region, cluster: recoveryClusterName(estate, run) };
    return { cluster: ref.cluster, ...(await ask(clients, ref)) };
  },
});

async function ask(clients: Pick<Clients, 'kubernetes'>, ref: ClusterRef): Promise<{ readonly answers: boolean; readonly said: string }> {
  try {
    await (await clients.kubernetes(ref)).get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
    return { answers: true, said: 'it answers' };
  } catch (thrown) {
    if (!(thrown instanceof EksDrError)) throw thrown;
    const { category, message: said } = thrown;
    const aws = awsErrorName(thrown);
    if (aws === 'ResourceNotFoundException') return { answers: false, said };
    // AWS refused or did not answer: that says nothing of the cluster.
    if (aws !== undefined || category === 'bug' || category === 'interrupted') throw thrown;
    return { answers: category === 'permission', said };
  }
}
