import { badRequest } from './faults.ts';

export type PatchOp = 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';

export interface PatchOperation {
  readonly op: PatchOp;
  readonly path: string;
  readonly value?: string;
  readonly from?: string;
}

/** What may be patched: paths with a placeholder for one name (`/variables/{name}`), the operations each takes, and what they do. */
export interface PatchRule<T> {
  readonly path: string;
  readonly ops: readonly PatchOp[];
  apply(target: T, operation: PatchOperation, name: string): void;
}

const ops: readonly string[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/** The operations of a PATCH request. */
export function patchOperations(body: Readonly<Record<string, unknown>>): PatchOperation[] {
  const given = body.patchOperations ?? [];
  if (!Array.isArray(given)) throw badRequest('Invalid patch: patchOperations is not a list');
  return given.map((each: Record<string, unknown>) => {
    const unknown = Object.keys(each).find((key) => !['op', 'path', 'value', 'from'].includes(key));
    if (unknown !== undefined) throw badRequest(`Invalid patch: unknown member ${unknown}`);
    if (typeof each.op !== 'string' || !ops.includes(each.op)) throw badRequest(`Invalid patch operation specified: ${each.op}`);
    if (typeof each.path !== 'string') throw badRequest('Invalid patch: an operation without a path');
    return each as unknown as PatchOperation;
  });
}

/** Applies operations in their order; refuses the whole request when one of them is not supported. `target` is changed in place: hand over a copy. */
export function applyPatch<T>(target: T, operations: readonly PatchOperation[], rules: readonly PatchRule<NoInfer<T>>[]): T {
  for (const operation of operations) {
    const supported = rules.filter((rule) => rule.ops.includes(operation.op));
    const found = supported.map((rule) => ({ rule, name: nameIn(rule.path, operation.path) })).find(({ name }) => name !== null);
    if (found === undefined) throw refusal(operation, supported);
    if (['add', 'replace'].includes(operation.op) && typeof operation.value !== 'string')
      throw badRequest(`Invalid patch: ${operation.op} of ${operation.path} without a value`);
    found.rule.apply(target, operation, found.name ?? '');
  }
  return target;
}

function refusal<T>({ op, path }: PatchOperation, supported: readonly PatchRule<T>[]): Error {
  const paths = supported.map((rule) => rule.path).join(', ');
  return badRequest(`Invalid patch path '${path}' specified for op '${op}'. Must be one of: [${paths}]`);
}

function nameIn(template: string, path: string): string | null {
  if (!template.endsWith('}')) return template === path ? '' : null;
  const prefix = template.slice(0, template.indexOf('{'));
  const rest = path.slice(prefix.length);
  if (!path.startsWith(prefix) || rest === '' || rest.includes('/')) return null;
  return rest.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A rule for a member that holds text. */
export function textRule<K extends string>(name: K): PatchRule<{ [key in K]?: string }> {
  return {
    path: `/${name}`,
    ops: ['replace'],
    apply: (target, { value }) => {
      target[name] = value ?? '';
    },
  };
}

/** A rule for each entry of a member that is a map. */
export function mapRule<K extends string>(name: K, supported: readonly PatchOp[]): PatchRule<{ [key in K]?: Record<string, string> }> {
  return {
    path: `/${name}/{name}`,
    ops: supported,
    apply: (target, { op, value }, key) => {
      const { [key]: existing, ...others } = target[name] ?? {};
      if (op === 'remove' && existing === undefined) throw badRequest(`Invalid patch: there is no ${key} in ${name}`);
      target[name] = op === 'remove' ? others : { ...target[name], [key]: value ?? '' };
    },
  };
}
