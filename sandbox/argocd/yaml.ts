import { parseAllDocuments } from 'yaml';
import { isObject, type JsonObject } from './json.ts';

/** The documents of a YAML or JSON text, with merge keys, as Kubernetes tools read them. Throws an Error that says where it is not YAML. */
export function parseYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text, { merge: true, uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(error.message.split('\n')[0] ?? 'not YAML');
    return document.toJS({ maxAliasCount: 1000 }) as unknown;
  });
}

/** A single mapping, such as a values file; nothing at all counts as an empty one. */
export function parseMapping(text: string): JsonObject {
  const [value] = parseYaml(text);
  if (value === null || value === undefined) return {};
  if (!isObject(value)) throw new Error('not a mapping');
  return value;
}
