import { isFinished } from '../controllers/pod-state.ts';
import { failure } from '../failure.ts';
import { at, isFields, type KubeObject, listAt, textAt } from '../object.ts';
import { type Context, namespaced } from '../store.ts';

const REQUESTS: Readonly<Record<string, string>> = { cpu: 'cpu', memory: 'memory', 'requests.cpu': 'cpu', 'requests.memory': 'memory' };
const LIMITS: Readonly<Record<string, string>> = { 'limits.cpu': 'cpu', 'limits.memory': 'memory' };
const COUNTS: readonly string[] = ['pods', 'count/pods'];

/** The admission plugin ResourceQuota for one more pod: throws 403 as the API server does. Quotas with scopes are not looked at, nor are init containers and what a LimitRange fills in. */
export function withinQuotas({ cluster }: Pick<Context, 'cluster'>, pod: KubeObject): void {
  const { namespace = 'default', name } = pod.metadata;
  const forbid = (why: string): Error => failure(403, 'Forbidden', `pods "${name}" is forbidden: ${why}`, { name, kind: 'pods' });
  for (const quota of namespaced(cluster, namespace, 'core/resourcequotas')) {
    if (listAt(quota, 'spec', 'scopes').length > 0) continue;
    const limits = at(quota, 'spec', 'hard');
    const hard = Object.entries(isFields(limits) ? limits : {})
      .filter(([resource]) => usageOf(pod, resource) !== null)
      .map(([resource, limit]) => [resource, String(limit)] as const);
    const unsaid = hard.filter(([resource]) => Number.isNaN(usageOf(pod, resource)));
    if (unsaid.length > 0)
      throw forbid(
        `failed quota: ${quota.metadata.name}: must specify ${unsaid
          .map(([resource]) => resource)
          .sort()
          .join(',')}`,
      );
    const others = namespaced(cluster, namespace, 'core/pods').filter((other) => !isFinished(other));
    const over = hard
      .map(([resource, limit]) => {
        const used = others.reduce((sum, other) => sum + (usageOf(other, resource) || 0), 0);
        return { resource, limit, used, requested: usageOf(pod, resource) ?? 0 };
      })
      .filter(({ limit, used, requested }) => used + requested > quantity(limit))
      .toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
    if (over.length === 0) continue;
    const say = (value: (one: (typeof over)[number]) => string): string => over.map((one) => `${one.resource}=${value(one)}`).join(',');
    throw forbid(
      `exceeded quota: ${quota.metadata.name}, requested: ${say(({ resource, requested }) => text(resource, requested))}, used: ${say(({ resource, used }) => text(resource, used))}, limited: ${say(({ limit }) => limit)}`,
    );
  }
}

/** What a pod takes of a resource; NaN where a container doesn't say; null where the resource is none of pods. */
function usageOf(pod: KubeObject, resource: string): number | null {
  if (COUNTS.includes(resource)) return 1;
  const [list, name] = resource in LIMITS ? ['limits', LIMITS[resource]] : ['requests', REQUESTS[resource]];
  if (name === undefined || list === undefined) return null;
  return listAt(pod, 'spec', 'containers').reduce<number>(
    (sum, container) => sum + quantity(textAt(container, 'resources', list, name) ?? ''),
    0,
  );
}

const UNITS: Readonly<Record<string, number>> = { '': 1, m: 0.001, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** `500m`, `2`, `64Mi` as a number; NaN for anything else. */
function quantity(written: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(written) ?? [];
  return digits === '' ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
}

function text(resource: string, value: number): string {
  if (resource.endsWith('cpu')) return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
  return resource.endsWith('memory') ? `${Math.round(value / 2 ** 20)}Mi` : String(value);
}
