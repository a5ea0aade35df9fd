import type { Application, HealthStatus, ResourceStatus } from './application.ts';
import { TRACKING_ANNOTATION } from './application.ts';
import { ignoredPaths, without } from './ignore-differences.ts';
import { covers, isObject, type JsonObject } from './json.ts';
import { annotationOf, compareKeys, identity, keyOf, tracked, waveOf } from './kinds.ts';
import type { Live } from './live.ts';
import type { ResourceKey } from './state.ts';

export interface Comparison {
  readonly resources: readonly ResourceStatus[];
  readonly synced: boolean;
  readonly health: HealthStatus;
  /** Resources that another application tracks, too. */
  readonly shared: readonly string[];
  readonly images: readonly string[];
}

// From best to worst.
const SEVERITY: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Degraded', 'Unknown'];

/** Compares what should be with what is. `deployed` is what was applied before: what of it is no longer wanted asks for pruning. */
export function compare(
  { metadata: { name: application }, spec }: Pick<Application, 'metadata' | 'spec'>,
  wanted: readonly JsonObject[],
  deployed: readonly ResourceKey[],
  live: Live,
): Comparison {
  const resources: ResourceStatus[] = [];
  const healths: (HealthStatus | 'Missing')[] = [];
  const shared: string[] = [];
  for (const object of wanted) {
    const key = keyOf(object);
    const found = live.get(key);
    const wave = waveOf(object);
    const ignored = ignoredPaths(spec, object);
    const synced =
      found !== null && covers(without(comparable(found), ignored), without(comparable(tracked(object, application)), ignored));
    resources.push({ ...described(key), status: synced ? 'Synced' : 'OutOfSync', ...(wave === 0 ? {} : { syncWave: wave }) });
    const health = found === null ? 'Missing' : live.health(found);
    if (health !== null) healths.push(health);
    const owner = found === null ? undefined : annotationOf(found, TRACKING_ANNOTATION)?.split(':')[0];
    if (owner !== undefined && owner !== application)
      shared.push(`${key.kind}/${key.name} is part of applications ${application} and ${owner}`);
  }
  const names = new Set(wanted.map((object) => identity(keyOf(object))));
  for (const key of deployed) {
    const found = names.has(identity(key)) ? null : live.get(key);
    if (found === null || annotationOf(found, TRACKING_ANNOTATION)?.split(':')[0] !== application) continue;
    resources.push({ ...described(key), status: 'OutOfSync', requiresPruning: true });
  }
  return {
    resources: resources.toSorted((a, b) => compareKeys(complete(a), complete(b))),
    synced: resources.every((one) => one.status === 'Synced'),
    health: overall(healths),
    shared,
    images: [...new Set(wanted.flatMap(imagesOf))].sort(),
  };
}

/** Missing only when all are missing (since Argo CD 3.4); otherwise the worst of those that exist. */
function overall(healths: readonly HealthStatus[]): HealthStatus {
  const present = healths.filter((health) => health !== 'Missing');
  if (present.length === 0) return healths.length === 0 ? 'Healthy' : 'Missing';
  return SEVERITY[Math.max(...present.map((health) => SEVERITY.indexOf(health)))] ?? 'Unknown';
}

function described({ group, version, kind, namespace, name }: ResourceKey): Omit<ResourceStatus, 'status'> {
  return { ...(group === '' ? {} : { group }), version, kind, ...(namespace === '' ? {} : { namespace }), name };
}

function complete({ group = '', version, kind, namespace = '', name }: ResourceStatus): ResourceKey {
  return { group, version, kind, namespace, name };
}

/** Leaves out what is never compared: the status, and the write-only form of a secret's data. */
function comparable(object: JsonObject): JsonObject {
  const { status: _status, ...rest } = object;
  if (object.kind !== 'Secret' || !isObject(object.stringData)) return rest;
  const { stringData, ...secret } = rest;
  const encoded = Object.entries(stringData as JsonObject).map(([name, value]) => [name, Buffer.from(String(value)).toString('base64')]);
  return { ...secret, data: { ...(isObject(secret.data) ? secret.data : {}), ...Object.fromEntries(encoded) } };
}

function imagesOf(object: JsonObject): string[] {
  const spec = isObject(object.spec) ? object.spec : {};
  const template = isObject(spec.template) ? spec.template : isObject(spec.jobTemplate) ? (spec.jobTemplate as JsonObject) : null;
  if (template === null || !isObject(template.spec)) return object.kind === 'Pod' ? containerImages(spec) : [];
  return isObject(template.spec.template) ? imagesOf({ spec: template.spec }) : containerImages(template.spec);
}

function containerImages(spec: JsonObject): string[] {
  const lists = [spec.initContainers, spec.containers].filter(Array.isArray) as JsonObject[][];
  return lists.flat().flatMap((container) => (typeof container.image === 'string' ? [container.image] : []));
}
