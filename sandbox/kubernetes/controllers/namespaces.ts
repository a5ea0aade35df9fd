import { stamp } from '../ids.ts';
import { type Fields, isFields, type KubeObject } from '../object.ts';
import { schedule } from '../schedule.ts';
import { type Context, drop, find, inNamespace, put, remove } from '../store.ts';

/** A namespace takes at least this long to go (ms of sandbox time). */
const TERMINATION = 5_000;

/** Gives a namespace its default ServiceAccount and the cluster's CA; empties one that is being deleted. */
export function reconcileNamespace(context: Context, name: string): void {
  const namespace = find(context.cluster, 'core/namespaces', name);
  if (namespace === undefined) return;
  if (namespace.metadata.deletionTimestamp !== undefined) {
    terminate(context, namespace);
    return;
  }
  if (find(context.cluster, 'core/serviceaccounts', `${name}/default`) === undefined) {
    put(context, 'core/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
  }
  const existing = find(context.cluster, 'core/configmaps', `${name}/kube-root-ca.crt`);
  if (existing === undefined) writeRootCa(context, name);
}

/** The ConfigMap that pods trust the API server by. */
export function writeRootCa(context: Context, namespace: string): void {
  put(context, 'core/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace },
    data: { 'ca.crt': context.cluster.ca },
  });
}

function terminate(context: Context, namespace: KubeObject): void {
  const { cluster, now } = context;
  const { name, deletionTimestamp = '' } = namespace.metadata;
  for (const { place } of inNamespace(cluster, name)) {
    if (place.resource === 'core/pods') drop(context, place.resource, place.key);
    else remove(context, place.resource, place.key);
  }
  const left = inNamespace(cluster, name);
  if (left.length > 0) {
    const status: Fields = isFields(namespace.status) ? namespace.status : {};
    const conditions = remaining(left).map((condition) => ({ ...condition, status: 'True', lastTransitionTime: stamp(now) }));
    put(context, 'core/namespaces', { ...namespace, status: { ...status, phase: 'Terminating', conditions } });
    return;
  }
  const due = Date.parse(deletionTimestamp) + TERMINATION;
  if (now < due) schedule(cluster, `namespace ${name}`, due);
  else if ((namespace.metadata.finalizers ?? []).length === 0) drop(context, 'core/namespaces', name);
}

function remaining(left: ReturnType<typeof inNamespace>): readonly { type: string; reason: string; message: string }[] {
  const finalizers = left.flatMap(({ object }) => object.metadata.finalizers ?? []);
  return [
    {
      type: 'NamespaceContentRemaining',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${counted(
        left.map(({ place }) => qualified(place.resource)),
        'has',
        'resource instances',
      )}`,
    },
    {
      type: 'NamespaceFinalizersRemaining',
      reason: 'SomeFinalizersRemain',
      message: `Some content in the namespace has finalizers remaining: ${counted(finalizers, 'in', 'resource instances')}`,
    },
  ];
}

/** `apps/deployments` as `deployments.apps`. */
function qualified(resource: string): string {
  const [group = '', plural = ''] = resource.split('/');
  return `${plural}.${group === 'core' ? '' : group}`;
}

/** `configmaps. has 2 resource instances, pods. has 1 resource instances` */
function counted(names: readonly string[], verb: string, what: string): string {
  return [...new Set(names)]
    .toSorted()
    .map((name) => `${name} ${verb} ${names.filter((each) => each === name).length} ${what}`)
    .join(', ');
}
