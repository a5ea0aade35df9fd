import { stamp } from '../ids.ts';
import { type Fields, isFields, type KubeObject, nameOf } from '../object.ts';
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
    const message = `Some content in the namespace has finalizers remaining: ${left.map(({ object }) => `${object.kind} ${nameOf(object)}`).join(', ')}`;
    const status: Fields = isFields(namespace.status) ? namespace.status : {};
    const condition = {
      type: 'NamespaceFinalizersRemaining',
      status: 'True',
      reason: 'SomeFinalizersRemain',
      message,
      lastTransitionTime: stamp(now),
    };
    put(context, 'core/namespaces', { ...namespace, status: { ...status, phase: 'Terminating', conditions: [condition] } });
    return;
  }
  const due = Date.parse(deletionTimestamp) + TERMINATION;
  if (now < due) schedule(cluster, `namespace ${name}`, due);
  else if ((namespace.metadata.finalizers ?? []).length === 0) drop(context, 'core/namespaces', name);
}
