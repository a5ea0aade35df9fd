import type { Kubernetes, KubernetesObject } from '../clients/kubernetes.ts';
import type { FencedWorkload } from '../estate/fence.ts';
import { isJsonObject, type Json, objectOf } from '../kit/json.ts';
import { compareText } from '../kit/text.ts';

/** A workload of the primary that the estate wants stopped. */
export type Found = { readonly namespace: string; readonly name: string; readonly pods: number } & (
  | { readonly kind: 'Deployment' | 'StatefulSet' }
  | { readonly kind: 'CronJob' | 'Job' }
);

export interface FoundWorkloads {
  readonly found: readonly Found[];
  /** What of the estate names nothing that is there: `CronJob order/export`. */
  readonly missing: readonly string[];
}

const API_VERSIONS = { Deployment: 'apps/v1', StatefulSet: 'apps/v1', CronJob: 'batch/v1', Job: 'batch/v1' } as const;

/** What there is of the workloads that the estate names, with the unfinished Jobs of its CronJobs; each once. */
export async function findWorkloads(kubernetes: Kubernetes, rules: readonly FencedWorkload[]): Promise<FoundWorkloads> {
  const answers = await Promise.all(rules.map(async (rule) => ({ rule, objects: await matching(kubernetes, rule) })));
  const objects = answers.flatMap((answer) => answer.objects);
  const jobs = await jobsOf(
    kubernetes,
    objects.filter(({ kind }) => kind === 'CronJob'),
  );
  const found = new Map([...objects, ...jobs].filter(isUnfinished).map((object) => [keyOf(object), asFound(object)]));
  return {
    found: [...found].toSorted(([one], [other]) => compareText(one, other)).map(([, each]) => each),
    missing: answers.filter((answer) => answer.objects.length === 0).map(({ rule }) => nameOf(rule)),
  };
}

async function matching(kubernetes: Kubernetes, { kind, namespace, name, selector }: FencedWorkload): Promise<readonly KubernetesObject[]> {
  const type = { apiVersion: API_VERSIONS[kind], kind };
  if (name === undefined) return kubernetes.list(type, { namespace, ...(selector === undefined ? {} : { labelSelector: selector }) });
  const object = await kubernetes.get({ ...type, namespace, name });
  return object === null ? [] : [object];
}

/** A CronJob that is suspended leaves the Jobs that it has started alone. */
async function jobsOf(kubernetes: Kubernetes, cronJobs: readonly KubernetesObject[]): Promise<KubernetesObject[]> {
  const uids = new Set(cronJobs.map(({ metadata }) => metadata.uid));
  const namespaces = [...new Set(cronJobs.map(({ metadata }) => metadata.namespace ?? ''))];
  const type = { apiVersion: API_VERSIONS.Job, kind: 'Job' };
  const jobs = await Promise.all(namespaces.map((namespace) => kubernetes.list(type, { namespace })));
  return jobs.flat().filter(({ metadata }) => ownersOf(metadata as unknown as Json).some((owner) => uids.has(owner)));
}

function ownersOf(metadata: Json): string[] {
  const { ownerReferences } = objectOf(metadata);
  return Array.isArray(ownerReferences) ? ownerReferences.map((owner) => String(objectOf(owner).uid ?? '')) : [];
}

/** A Job that has ended takes no suspension, and needs none. */
function isUnfinished({ kind, status }: KubernetesObject): boolean {
  if (kind !== 'Job') return true;
  const { conditions } = objectOf(status);
  const list = Array.isArray(conditions) ? conditions.filter((each) => isJsonObject(each)) : [];
  return !list.some(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True');
}

function asFound({ kind, metadata, status }: KubernetesObject): Found {
  const { replicas, active } = objectOf(status);
  const pods = kind === 'Job' ? active : kind === 'CronJob' ? 0 : replicas;
  return {
    kind: kind as Found['kind'],
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    pods: typeof pods === 'number' ? pods : 0,
  } as Found;
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${metadata.namespace}/${kind}/${metadata.name}`;
}

function nameOf({ kind, namespace, name, selector }: FencedWorkload): string {
  return `${kind} ${namespace}/${name ?? `(${selector})`}`;
}
