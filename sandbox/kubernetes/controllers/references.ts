import { at, isFields, type KubeObject, listAt, textAt } from '../object.ts';
import { type Context, find } from '../store.ts';

/** A Secret or ConfigMap that a pod names, and the key of it, where it names one. */
interface Reference {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly keys: readonly string[];
  readonly optional: boolean;
}

/** The message of the FailedMount event while a volume of the pod can't be set up; null: all can be. */
export function mountProblem(context: Context, pod: KubeObject): string | null {
  for (const volume of listAt(pod, 'spec', 'volumes')) {
    for (const reference of inVolume(volume)) {
      const lack = lackOf(context, pod, reference);
      if (lack === null) continue;
      const why =
        lack === 'all'
          ? notFound(reference)
          : `references non-existent ${reference.kind === 'Secret' ? 'secret' : 'config'} key: ${lack.key}`;
      return `MountVolume.SetUp failed for volume "${textAt(volume, 'name')}" : ${why}`;
    }
  }
  return null;
}

/** The message of CreateContainerConfigError while the environment of a container can't be made; null: it can be. */
export function environmentProblem(context: Context, pod: KubeObject, container: unknown): string | null {
  for (const reference of inEnvironment(container)) {
    const lack = lackOf(context, pod, reference);
    if (lack === 'all') return notFound(reference);
    if (lack !== null) return `couldn't find key ${lack.key} in ${reference.kind} ${pod.metadata.namespace}/${reference.name}`;
  }
  return null;
}

function notFound({ kind, name }: Reference): string {
  return `${kind.toLowerCase()} "${name}" not found`;
}

function lackOf({ cluster }: Context, pod: KubeObject, { kind, name, keys, optional }: Reference): 'all' | { readonly key: string } | null {
  if (optional) return null;
  const resource = kind === 'Secret' ? 'core/secrets' : 'core/configmaps';
  const found = find(cluster, resource, `${pod.metadata.namespace}/${name}`);
  if (found === undefined) return 'all';
  const key = keys.find((each) => at(found, 'data', each) === undefined && at(found, 'binaryData', each) === undefined);
  return key === undefined ? null : { key };
}

function inVolume(volume: unknown): Reference[] {
  const sources = [volume, ...listAt(volume, 'projected', 'sources')];
  return sources.flatMap((source) => [
    ...reference('Secret', at(source, 'secret'), textAt(source, 'secret', 'secretName')),
    ...reference('ConfigMap', at(source, 'configMap')),
  ]);
}

function inEnvironment(container: unknown): Reference[] {
  const whole = listAt(container, 'envFrom').flatMap((source) => [
    ...reference('Secret', at(source, 'secretRef')),
    ...reference('ConfigMap', at(source, 'configMapRef')),
  ]);
  const single = listAt(container, 'env').flatMap((entry) => [
    ...reference('Secret', at(entry, 'valueFrom', 'secretKeyRef')),
    ...reference('ConfigMap', at(entry, 'valueFrom', 'configMapKeyRef')),
  ]);
  return [...whole, ...single];
}

function reference(kind: Reference['kind'], source: unknown, name = textAt(source, 'name')): Reference[] {
  if (!isFields(source) || name === undefined) return [];
  const keys = [textAt(source, 'key'), ...listAt(source, 'items').map((item) => textAt(item, 'key'))];
  return [{ kind, name, keys: keys.filter((key) => key !== undefined), optional: source.optional === true }];
}
