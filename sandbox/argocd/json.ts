/** A JSON object whose members are looked at one by one. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep equality of JSON; members that are undefined count as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameJson(a[name], b[name]));
}

/**
 * Whether everything that is wanted is there: members that only the live object has are defaults or other owners' business.
 * Numbers and their texts are equal, as after a round trip through a Kubernetes quantity.
 */
export function covers(live: unknown, wanted: unknown): boolean {
  if (isObject(wanted)) {
    if (!isObject(live)) return Object.keys(wanted).length === 0 && (live === undefined || live === null);
    return Object.entries(wanted).every(([name, value]) => value === null || value === undefined || covers(live[name], value));
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live)) return wanted.length === 0 && (live === undefined || live === null);
    return live.length === wanted.length && wanted.every((item, index) => covers(live[index], item));
  }
  return Object.is(live, wanted) || (isScalar(live) && String(live) === String(wanted));
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

export function clone<T>(value: T): T {
  return structuredClone(value);
}

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

interface PatchStep {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** RFC 6902: add, remove, replace and test. Throws a TypeError that says which step does not apply. */
export function jsonPatch(document: unknown, steps: readonly PatchStep[]): unknown {
  const root = { '': clone(document) };
  for (const step of steps) {
    const keys = ['', ...step.path.split('/').slice(1)].map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let parent: unknown = root;
    for (const key of keys) parent = (parent as JsonObject | undefined)?.[key];
    applyStep(parent, last, step);
  }
  return root[''];
}

function applyStep(parent: unknown, key: string, step: PatchStep): void {
  const missing = new TypeError(`${step.op} operation does not apply: doc is missing path: ${JSON.stringify(step.path)}: missing value`);
  if (Array.isArray(parent)) {
    applyToList(parent, key, step, missing);
    return;
  }
  if (!isObject(parent)) throw missing;
  if (step.op !== 'add' && !Object.hasOwn(parent, key)) throw missing;
  if (step.op === 'add' || step.op === 'replace') parent[key] = step.value;
  else if (step.op === 'remove') delete parent[key];
  else if (step.op !== 'test') throw new TypeError(`Unexpected kind: ${step.op}`);
  else if (!sameJson(parent[key], step.value)) throw new TypeError(`testing value ${step.path} failed`);
}

function applyToList(list: unknown[], key: string, step: PatchStep, missing: Error): void {
  const index = key === '-' ? list.length : Number(key);
  const limit = step.op === 'add' ? list.length : list.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > limit) throw missing;
  if (step.op === 'add') list.splice(index, 0, step.value);
  else if (step.op === 'remove') list.splice(index, 1);
  else if (step.op === 'replace') list[index] = step.value;
  else if (step.op !== 'test') throw new TypeError(`Unexpected kind: ${step.op}`);
  else if (!sameJson(list[index], step.value)) throw new TypeError(`testing value ${step.path} failed`);
}
