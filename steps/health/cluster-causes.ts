import type { ArgoApplication } from '../clients/argocd.ts';
import type { Kubernetes } from '../clients/kubernetes.ts';
import { groupBy } from '../kit/keys.ts';
import { compareText } from '../kit/text.ts';
import type { Cause } from './cause.ts';
import { podCause } from './pod-cause.ts';
import { asEvent, asPod, type OwnerShape, type PodShape, seenAt } from './pod-shapes.ts';
import { refusedCause } from './refused-cause.ts';

/**
 * Why the services of these applications are not healthy, as their cluster tells it: application -> cause. Two lists for all of them, of pods
 * and of warnings: the application itself says no more than Progressing or Degraded (since Argo CD 3.0 not even of what), its tree takes a
 * request for each and lacks the words of the scheduler, of a quota and of the kubelet that can't mount. A pod belongs to the application that
 * lists its workload; where an operator stands between them, that is not known here.
 */
export async function clusterCauses(
  kubernetes: Pick<Kubernetes, 'list'>,
  applications: readonly ArgoApplication[],
): Promise<Map<string, Cause>> {
  const [pods, warnings] = await Promise.all([
    kubernetes.list({ apiVersion: 'v1', kind: 'Pod' }),
    kubernetes.list({ apiVersion: 'v1', kind: 'Event' }, { fieldSelector: 'type=Warning' }),
  ]);
  const ownerOf = applicationFinder(applications);
  const events = warnings.map(asEvent).toSorted((a, b) => compareText(seenAt(b), seenAt(a)));
  const byObject = groupBy(events, ({ involvedObject: { kind, namespace, name } = {} }) => `${kind}/${namespace}/${name}`);
  const causes = new Map<string, Cause>();
  const tell = (application: string | null, cause: Cause | null): void => {
    if (application !== null && cause !== null && !causes.has(application)) causes.set(application, cause);
  };
  // One that was evicted lies there beside its successor.
  const isOver = ({ status }: PodShape): number => (status?.phase === 'Failed' ? 1 : 0);
  const shapes = pods.map(asPod);
  for (const pod of shapes.toSorted((a, b) => isOver(a) - isOver(b))) {
    const { name, namespace = '', ownerReferences = [] } = pod.metadata;
    const owner = ownerReferences.find(({ controller }) => controller === true) ?? { kind: 'Pod', name };
    tell(ownerOf(namespace, owner), podCause(pod, byObject.get(`Pod/${namespace}/${name}`) ?? []));
  }
  for (const { reason, message = '', involvedObject: { kind = '', namespace = '', name = '' } = {}, ...event } of events) {
    if (reason !== 'FailedCreate' || gotPods({ kind, namespace, name }, shapes, seenAt(event))) continue;
    tell(ownerOf(namespace, { kind, name }), refusedCause(message, namespace));
  }
  return causes;
}

/** Whether a controller has made a pod since it was refused one. */
function gotPods(owner: OwnerShape & { readonly namespace: string }, pods: readonly PodShape[], refusedAt: string): boolean {
  return pods.some(
    ({ metadata: { namespace, ownerReferences = [], creationTimestamp = '' } }) =>
      namespace === owner.namespace &&
      creationTimestamp > refusedAt &&
      ownerReferences.some(({ kind, name }) => kind === owner.kind && name === owner.name),
  );
}

/** What makes replica sets and jobs, under its own name and a suffix. */
const makers: Readonly<Record<string, readonly string[]>> = { ReplicaSet: ['Deployment', 'Rollout'], Job: ['CronJob'] };

function applicationFinder(applications: readonly ArgoApplication[]): (namespace: string, owner: OwnerShape) => string | null {
  const byResource = new Map<string, string>(
    applications.flatMap(({ metadata, status }) =>
      (status?.resources ?? []).map(({ kind, namespace = '', name }) => [`${kind}/${namespace}/${name}`, metadata.name] as const),
    ),
  );
  return (namespace, { kind, name }) => {
    const above = (makers[kind] ?? []).map((maker) => `${maker}/${namespace}/${name.replace(/-[^-]*$/, '')}`);
    return [`${kind}/${namespace}/${name}`, ...above].map((key) => byResource.get(key)).find((found) => found !== undefined) ?? null;
  };
}
