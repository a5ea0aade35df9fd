import { type Fields, isFields } from './object.ts';
import { customList } from './shapes.ts';

/** How a list merges: as one value, as a set of scalars, or as a map by some keys of its items. */
export type ListKind = 'atomic' | 'set' | { readonly keys: readonly string[] };

const byName: ListKind = { keys: ['name'] };

// x-kubernetes-list-map-keys and x-kubernetes-list-type of the built-in types (Kubernetes OpenAPI), by the field's name.
const lists: Readonly<Record<string, ListKind>> = {
  finalizers: 'set',
  ownerReferences: { keys: ['uid'] },
  containers: byName,
  initContainers: byName,
  ephemeralContainers: byName,
  volumes: byName,
  env: byName,
  imagePullSecrets: byName,
  secrets: byName,
  webhooks: byName,
  volumeMounts: { keys: ['mountPath'] },
  volumeDevices: { keys: ['devicePath'] },
  hostAliases: { keys: ['ip'] },
  topologySpreadConstraints: { keys: ['topologyKey', 'whenUnsatisfiable'] },
  conditions: { keys: ['type'] },
};

const keyDefaults: Fields = { protocol: 'TCP' };

function portKeys(items: readonly unknown[]): ListKind {
  const first = items.find(isFields);
  if (first === undefined) return 'atomic';
  if ('containerPort' in first) return { keys: ['containerPort', 'protocol'] };
  return { keys: ['port', 'protocol'] };
}

/** Kinds whose lists all merge as one value, but for those in metadata. */
const atomicKinds: ReadonlySet<string> = new Set([
  'Endpoints',
  'EndpointSlice',
  'NetworkPolicy',
  'Role',
  'ClusterRole',
  'CustomResourceDefinition',
]);

/** Maps and structures that are owned as one value (x-kubernetes-map-type: atomic), by the path's end. */
export function isAtomicMap(path: readonly string[]): boolean {
  const last = path.at(-1) ?? '';
  const parent = path.at(-2) ?? '';
  if (last === 'nodeSelector' || last === 'roleRef' || last.endsWith('KeyRef') || last === 'fieldRef' || last === 'resourceFieldRef')
    return true;
  if (last === 'labelSelector' || last === 'podSelector' || last === 'namespaceSelector' || last === 'objectSelector') return true;
  // Service has a map, workloads a LabelSelector: both are atomic.
  return last === 'selector' && parent === 'spec';
}

/** How the list at a path of an object of this kind merges. A custom resource whose schema says nothing has lists that are values. */
export function listKind(
  { kind, builtIn, custom }: { readonly kind: string; readonly builtIn: boolean; readonly custom?: unknown },
  path: readonly string[],
  items: readonly unknown[],
): ListKind {
  const last = path.at(-1) ?? '';
  if (path[0] === 'metadata') return lists[last] ?? 'atomic';
  if (builtIn && atomicKinds.has(kind)) return 'atomic';
  const found = builtIn ? (last === 'ports' ? portKeys(items) : (lists[last] ?? 'atomic')) : (customList(custom, path) ?? 'atomic');
  if (typeof found === 'string') return found;
  // An item without its keys cannot be told from others.
  return items.every((item) => isFields(item) && found.keys.every((key) => keyValue(item, key) !== undefined)) ? found : 'atomic';
}

export function keyValue(item: Fields, key: string): unknown {
  return item[key] ?? keyDefaults[key];
}
