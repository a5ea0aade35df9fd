import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { Kubernetes } from '../clients/kubernetes.ts';
import { EksDrError } from '../kit/errors.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs, conditionOf } from './cluster-args.ts';

const NOT_YET = 'no connection yet';
const args = clusterArgs.extend({ namespace: z.string(), job: z.string(), host: z.string(), port: z.number() });

/** So long a connection is tried: new rules and addresses take some seconds to spread, a pod some more to start. */
const PATIENCE_SECONDS = 120;
/** From when on its pod is asked what it is at: before, nobody wonders. */
const LOOK_CLOSER_SECONDS = 60;

const containers = z.object({
  containerStatuses: z
    .array(z.object({ state: z.object({ waiting: z.object({ reason: z.string().optional() }).optional() }).optional() }))
    .optional(),
});

/** The Job of a probe has ended well: a pod of the cluster reached the host and port. */
export const probeSucceeded = defineWait<z.infer<typeof args>, Pick<Clients, 'kubernetes'>>({
  wait: 'probe-succeeded',
  args,
  title: ({ cluster, host, port }) => `A pod of ${cluster} reaches ${host}:${port}`,
  expectedSeconds: 20,
  limitSeconds: 300,
  everySeconds: 5,
  async look(clients, { region, cluster, namespace, job: name, host, port }, waitedSeconds) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const job = await kubernetes.get({ apiVersion: 'batch/v1', kind: 'Job', namespace, name });
    if (job !== null && conditionOf(job, 'Complete')?.status === 'True') return { done: true };
    const failed = job === null ? null : conditionOf(job, 'Failed');
    const reason = job === null ? 'its Job does not exist' : await reasonAfter(waitedSeconds, () => podReason(kubernetes, namespace, name));
    if (failed?.status !== 'True' && waitedSeconds < PATIENCE_SECONDS) return { done: false, reason };
    throw unreached({ cluster, host, port, namespace, name }, failed?.status === 'True' ? failed.message : reason);
  },
});

function reasonAfter(waitedSeconds: number, ask: () => Promise<string>): Promise<string> {
  return waitedSeconds < LOOK_CLOSER_SECONDS ? Promise.resolve(NOT_YET) : ask();
}

/** What the pod of the Job is at: whether the probe is tried at all. */
async function podReason(kubernetes: Kubernetes, namespace: string, job: string): Promise<string> {
  const pods = await kubernetes.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector: `job-name=${job}` });
  const pod = pods.at(-1);
  if (pod === undefined) return 'its pod was not created yet';
  const waiting = containers.safeParse(pod.status).data?.containerStatuses?.[0]?.state?.waiting?.reason;
  if (waiting !== undefined) return `its pod does not start: ${waiting}`;
  const unscheduled = conditionOf(pod, 'PodScheduled');
  if (unscheduled?.status === 'False') return `its pod has no node: ${unscheduled.message}`;
  return NOT_YET;
}

function unreached(
  { cluster, host, port, namespace, name }: Record<'cluster' | 'host' | 'namespace' | 'name', string> & { readonly port: number },
  reason: string,
): EksDrError {
  return new EksDrError('unhealthy', {
    message: `No pod of ${cluster} reaches ${host}:${port} (${reason}).`,
    target: `${host}:${port}`,
    remedy: `Look at kubectl -n ${namespace} describe job ${name} and its pod; if that runs, at the name's address (nslookup ${host} from a pod), the security group behind it (port ${port} from the cluster's group), the routes and peering between the VPCs, and network policies. The Job goes on trying: run the step again once that is mended.`,
  });
}
