import * as models from '@kubernetes/client-node';
import { builtInTypes, groupVersion, type ResourceType } from '../sandbox/kubernetes/resources.ts';

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

type Model = { getAttributeTypeMap(): readonly Attribute[] };

/**
 * The fields of the types that the sandbox's clusters serve, as Kubernetes' own API description has them: taken from the models of
 * `@kubernetes/client-node`, which are generated from it. Types are `string`, `integer`, `number`, `boolean`, `bytes`, `any` or the name
 * of another one; `[` stands before the type of items, `{` before that of values.
 */
export function builtInFieldsText(): string {
  const types: Record<string, Record<string, string>> = {};
  const kinds = Object.fromEntries(builtInTypes.map((type) => [`${groupVersion(type)} ${type.kind}`, modelName(type)]));
  const waiting = Object.values(kinds);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (types[name] !== undefined) continue;
    const fields = fieldsOf(name);
    types[name] = fields;
    waiting.push(
      ...Object.values(fields)
        .map((type) => type.replace(/^[[{]+/, ''))
        .filter(isModel),
    );
  }
  return `${JSON.stringify({ kinds: sorted(kinds), types: sorted(types) }, null, 2)}\n`;
}

/** `V1Deployment`; Events are prefixed, since two groups have them. */
function modelName({ version, kind }: ResourceType): string {
  const name = `${version.slice(0, 1).toUpperCase()}${version.slice(1)}${kind}`;
  const found = [name, `Core${name}`].find(isModel);
  if (found === undefined) throw new Error(`@kubernetes/client-node has no model of ${kind}.`);
  return found;
}

function isModel(name: string): boolean {
  return Object.hasOwn(models, name) && typeof (Reflect.get(models, name) as Partial<Model>).getAttributeTypeMap === 'function';
}

function fieldsOf(name: string): Record<string, string> {
  const attributes = (Reflect.get(models, name) as Model).getAttributeTypeMap();
  return Object.fromEntries(attributes.map(({ baseName, type, format }) => [baseName, shortType(type, format)]));
}

function shortType(type: string, format: string): string {
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined) return `[${shortType(list, format)}`;
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (map !== undefined) return `{${shortType(map, format)}`;
  if (isModel(type)) return type;
  if (type === 'string') return format === 'byte' ? 'bytes' : 'string';
  if (type === 'number') return format === 'double' ? 'number' : 'integer';
  if (type === 'boolean') return type;
  // Times in both precisions; what is a string or a number; JSON.
  return ['Date', 'V1MicroTime'].includes(type) ? 'string' : 'any';
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
