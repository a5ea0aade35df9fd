import { at, isFields, type KubeObject, listAt, stringsAt, textAt } from '../object.ts';
import type { ResourceType } from '../resources.ts';
import { type Context, find } from '../store.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** A request that is about to change something. */
export interface AdmissionRequest {
  readonly operation: Operation;
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly object: KubeObject;
}

type Labels = Readonly<Record<string, string>>;

/** Whether a webhook wants to see a request: by one of its rules, and by its selectors. */
export function isCalled(context: Context, webhook: unknown, request: AdmissionRequest): boolean {
  if (!listAt(webhook, 'rules').some((rule) => matchesRule(rule, request))) return false;
  if (!selects(at(webhook, 'objectSelector'), request.object.metadata.labels ?? {})) return false;
  const labels = namespaceLabels(context, request);
  return labels === null || selects(at(webhook, 'namespaceSelector'), labels);
}

function matchesRule(rule: unknown, { operation, type }: AdmissionRequest): boolean {
  const has = (list: string, value: string): boolean => {
    const values = listAt(rule, list);
    return values.includes('*') || values.includes(value);
  };
  const scope = textAt(rule, 'scope') ?? '*';
  const inScope = scope === '*' || (scope === 'Namespaced') === type.namespaced;
  return (
    inScope &&
    has('operations', operation) &&
    has('apiGroups', type.group) &&
    has('apiVersions', type.version) &&
    has('resources', type.plural)
  );
}

/** Of its namespace, or of itself where it is one; null for what lies in none. */
function namespaceLabels({ cluster }: Context, { type, namespace, object }: AdmissionRequest): Labels | null {
  if (type.kind === 'Namespace' && type.group === '') return object.metadata.labels ?? {};
  if (namespace === undefined) return null;
  return find(cluster, 'core/namespaces', namespace)?.metadata.labels ?? {};
}

/** A LabelSelector; none selects everything. */
function selects(selector: unknown, labels: Labels): boolean {
  if (!isFields(selector)) return true;
  const equal = Object.entries(stringsAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value);
  return equal && listAt(selector, 'matchExpressions').every((expression) => holds(expression, labels));
}

function holds(expression: unknown, labels: Labels): boolean {
  const key = textAt(expression, 'key') ?? '';
  const values = listAt(expression, 'values');
  const value = labels[key];
  switch (textAt(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
