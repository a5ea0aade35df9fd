import type { ArgoApplication } from '../../clients/argocd.ts';
import type { Estate } from '../../estate/estate.ts';
import type { Json } from '../../kit/json.ts';
import { targetsPrimary } from '../../rendering/application.ts';

const TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id';
const INSTANCE_LABEL = 'app.kubernetes.io/instance';

/** What tells an object of the primary from any other, and who it says it belongs to. `namespace` is '' where it lies in none. */
export interface Tracked {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Tells what applications bring to the primary again, by what each lists as its resources: definitions of custom resources carry no
 * mark. Else by the tracking id, where it names the very object (controllers copy annotations). The label alone says something only of
 * an application that lists nothing: charts set it, too. What an application would prune is in its sources no more, so it doesn't count.
 */
export function trackingOf(
  applications: readonly ArgoApplication[],
  primary: Estate['primary']['argocdDestination'],
): (object: Tracked) => boolean {
  const ours = applications.filter(({ spec }) => targetsPrimary({ spec: { destination: spec.destination as Json } }, primary));
  const resources = ours.flatMap(({ status }) => status?.resources ?? []);
  const kept = new Set(resources.filter(({ requiresPruning }) => requiresPruning !== true).map(keyOf));
  const pruned = new Set(resources.filter(({ requiresPruning }) => requiresPruning === true).map(keyOf));
  const unlisted = new Set(ours.filter(({ status }) => status?.resources == null).map(({ metadata }) => metadata.name));
  return (object) => {
    const key = keyOf(object);
    if (kept.has(key)) return true;
    if (pruned.has(key)) return false;
    const { [TRACKING_ANNOTATION]: id = '' } = object.annotations;
    if (id.endsWith(`:${object.group}/${object.kind}:${object.namespace}/${object.name}`)) return true;
    return unlisted.has(object.labels[INSTANCE_LABEL] ?? '');
  };
}

interface Named {
  readonly group?: string | undefined;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

function keyOf({ group = '', kind, namespace = '', name }: Named): string {
  return JSON.stringify([group, kind, namespace, name]);
}
