import { badRequest, failure } from './failure.ts';
import { keyValue, listKind } from './list-keys.ts';
import { type Fields, isFields } from './object.ts';

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

/**
 * A strategic merge patch: as a merge patch, but lists of the built-in types merge by their keys.
 * Knows the directives `$patch: delete` and `$patch: replace`, and `$deleteFromPrimitiveList`.
 */
export function strategicMergePatch(kind: string, target: unknown, patch: unknown, path: readonly string[] = []): unknown {
  if (Array.isArray(patch)) return mergeList(kind, Array.isArray(target) ? target : [], patch, path);
  if (!isFields(patch)) return patch;
  const { $patch: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(rest)) {
    const removal = /^\$deleteFromPrimitiveList\/(.+)$/.exec(name)?.[1];
    if (removal !== undefined && Array.isArray(value)) {
      result[removal] = (Array.isArray(result[removal]) ? result[removal] : []).filter((each: unknown) => !value.includes(each));
    } else if (name.startsWith('$')) continue;
    else if (value === null) delete result[name];
    else result[name] = strategicMergePatch(kind, result[name], value, [...path, name]);
  }
  return result;
}

function mergeList(kind: string, target: readonly unknown[], patch: readonly unknown[], path: readonly string[]): unknown[] {
  const how = listKind(
    { kind, builtIn: true },
    path,
    [...target, ...patch].filter((item) => !isFields(item) || item.$patch === undefined),
  );
  if (how === 'atomic') return patch.filter((item) => !isFields(item) || item.$patch !== 'delete');
  if (how === 'set') return [...new Set([...target, ...patch])];
  const identity = (item: unknown): string => JSON.stringify(how.keys.map((key) => (isFields(item) ? keyValue(item, key) : null)));
  const result = new Map(target.map((item) => [identity(item), item]));
  for (const item of patch) {
    const id = identity(item);
    if (isFields(item) && item.$patch === 'delete') result.delete(id);
    else result.set(id, strategicMergePatch(kind, result.get(id), item, path));
  }
  return [...result.values()];
}

type Operation = { readonly op: string; readonly path: string; readonly from?: string; readonly value?: unknown };

const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

function tokens(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw badRequest(`invalid JSON pointer: ${pointer}`);
  return pointer.slice(1).split('/').map(unescapeToken);
}

const unprocessable = (operation: Operation, why: string): Error =>
  failure(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: ${operation.op} operation does not apply: doc is missing path: ${operation.path}: ${why}`,
  );

function read(document: unknown, path: readonly string[]): unknown {
  let current = document;
  for (const token of path) {
    if (Array.isArray(current)) current = current[Number(token)];
    else if (isFields(current)) current = current[token];
    else return undefined;
  }
  return current;
}

function edit(document: unknown, path: readonly string[], change: (parent: Fields | unknown[], token: string) => void): unknown {
  const [token, ...rest] = path;
  if (token === undefined) throw badRequest('cannot replace the whole document');
  const copy: unknown = Array.isArray(document) ? [...document] : isFields(document) ? { ...document } : undefined;
  if (!Array.isArray(copy) && !isFields(copy))
    throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request: missing value');
  if (rest.length === 0) change(copy, token);
  else if (Array.isArray(copy)) copy[Number(token)] = edit(copy[Number(token)], rest, change);
  else copy[token] = edit(copy[token], rest, change);
  return copy;
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  return edit(document, path, (parent, token) => {
    if (!Array.isArray(parent)) parent[token] = value;
    else parent.splice(token === '-' ? parent.length : Number(token), 0, value);
  });
}

function removeAt(document: unknown, path: readonly string[]): unknown {
  return edit(document, path, (parent, token) => {
    if (Array.isArray(parent)) parent.splice(Number(token), 1);
    else delete parent[token];
  });
}

function step(document: unknown, operation: Operation): unknown {
  const path = tokens(operation.path);
  const present = read(document, path) !== undefined;
  switch (operation.op) {
    case 'add':
      return add(document, path, operation.value);
    case 'replace':
      if (!present) throw unprocessable(operation, 'missing value');
      return edit(document, path, (parent, token) => {
        if (Array.isArray(parent)) parent[Number(token)] = operation.value;
        else parent[token] = operation.value;
      });
    case 'remove':
      if (!present) throw unprocessable(operation, 'missing value');
      return removeAt(document, path);
    case 'test':
      if (JSON.stringify(read(document, path)) === JSON.stringify(operation.value)) return document;
      throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request: testing value failed');
    case 'copy':
      return add(document, path, read(document, tokens(operation.from ?? '')));
    case 'move':
      return add(removeAt(document, tokens(operation.from ?? '')), path, read(document, tokens(operation.from ?? '')));
    default:
      throw badRequest(`unexpected kind of patch operation: ${operation.op}`);
  }
}

/** RFC 6902. Throws 400 for what is no patch, 422 for one that does not apply. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  return patch.reduce((document: unknown, operation: Operation) => step(document, operation), target);
}
