import { type ResourceType, typeOfPath } from './resources.ts';
import type { KubernetesClusterState } from './state.ts';

/** A request path taken apart: which cluster, and what of it. */
export interface ApiPath {
  readonly region: string;
  readonly cluster: string;
  /** Below the cluster's address, with a leading slash: `/api/v1/namespaces`. */
  readonly path: string;
}

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string;
}

export function parseApiPath(path: string): ApiPath | null {
  const match = /^\/clusters\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path);
  if (match === null) return null;
  const [, region = '', cluster = '', rest = '/'] = match;
  return { region, cluster, path: rest };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** `/apis/apps/v1/namespaces/shop/deployments/cart/scale`; null for a path that names no resource. */
export function parseResourcePath(path: string): ResourcePath | null {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const [root, ...rest] = segments;
  if (root !== 'api' && root !== 'apis') return null;
  const [group, version, ...tail] = root === 'api' ? ['', ...rest] : rest;
  if (group === undefined || version === undefined || tail.length === 0) return null;
  const [first = '', second, third, fourth, fifth] = tail;
  // `/namespaces/<name>/status` is the namespace's own; `/namespaces/<name>/<plural>` lies in it.
  const isOwn = first === 'namespaces' && (third === undefined || third === 'status' || third === 'finalize');
  if (first !== 'namespaces' || isOwn) {
    if (tail.length > 3) return null;
    return { group, version, plural: first, namespace: undefined, name: second, subresource: third ?? '' };
  }
  if (tail.length > 5) return null;
  return { group, version, plural: third ?? '', namespace: second, name: fourth, subresource: fifth ?? '' };
}

/** The type behind a path; undefined when the cluster does not serve it there. */
export function typeAt(
  cluster: KubernetesClusterState,
  { group, version, plural, namespace, name }: ResourcePath,
): ResourceType | undefined {
  const type = typeOfPath(cluster, group, version, plural);
  if (type === undefined) return undefined;
  if (!type.namespaced && namespace !== undefined) return undefined;
  if (type.namespaced && namespace === undefined && name !== undefined) return undefined;
  return type;
}

/** A path with its names as placeholders: `/api/v1/namespaces/{namespace}/secrets/{name}`. */
export function pathTemplate(path: string): string {
  const resource = parseResourcePath(path);
  if (resource === null) return path;
  const { group, version, plural, namespace, name, subresource } = resource;
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const parts = [
    base,
    ...(namespace === undefined ? [] : ['namespaces', '{namespace}']),
    plural,
    ...(name === undefined ? [] : ['{name}']),
  ];
  return [...parts, ...(subresource === '' ? [] : [subresource])].join('/');
}
