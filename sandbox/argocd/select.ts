import { fail } from './grpc.ts';
import { isObject, type JsonObject } from './json.ts';

type Labels = Readonly<Record<string, string>>;

/** A Kubernetes label selector as a test: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, with commas between them. */
export function labelSelector(text: string): (labels: Labels) => boolean {
  const requirements = split(text).map(requirement);
  return (labels) => requirements.every((holds) => holds(labels));
}

function split(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function requirement(text: string): (labels: Labels) => boolean {
  const set = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = '', verb, values = ''] = set;
    const wanted = values.split(',').map((value) => value.trim());
    return (labels) => wanted.includes(labels[key] ?? '\0') === (verb === 'in');
  }
  const comparison = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(text);
  if (comparison !== null) {
    const [, key = '', verb, value] = comparison;
    return (labels) => (labels[key] === value) === (verb !== '!=');
  }
  const presence = /^(!?)([\w./-]+)$/.exec(text);
  if (presence === null)
    return fail('Unknown', `error parsing the selector: unable to parse requirement: found '${text}', expected: a label selector`);
  const [, not, key = ''] = presence;
  return (labels) => Object.hasOwn(labels, key) === (not === '');
}

/** The only paths of an application that `fields` knows; others are passed over without a word. */
const SELECTABLE = [
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'metadata.labels',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'spec',
  'status.sourceType',
  'status.sourceTypes',
  'status.sync.status',
  'status.health',
  'status.summary',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
  'status.operationState.phase',
  'status.operationState.operation.sync',
  'status.resources',
  'operation.sync',
] as const;

/** Reduces an application to what `fields` names below `prefix` (`items.`); a list that starts with `-` names what to leave out. */
export function selectFields(application: JsonObject, fields: string | null, prefix: string): JsonObject {
  if (fields === null || fields === '') return application;
  const exclude = fields.startsWith('-');
  const named = new Set(fields.replace(/^-/, '').split(','));
  const result: JsonObject = {};
  for (const path of SELECTABLE) {
    if (named.has(prefix + path) === exclude) continue;
    const value = read(application, path);
    if (value !== undefined) write(result, path.split('.'), value);
  }
  return result;
}

function read(object: JsonObject, path: string): unknown {
  let value: unknown = object;
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined;
  return value;
}

function write(target: JsonObject, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = isObject(target[name]) ? target[name] : {};
  target[name] = inner;
  write(inner, rest, value);
}
