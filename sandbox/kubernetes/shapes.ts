import table from './built-in-fields.json' with { type: 'json' };
import { at, type Fields, isFields, listAt } from './object.ts';
import { builtInTypes, groupVersion, type ResourceType } from './resources.ts';

export type Scalar = 'string' | 'integer' | 'number' | 'boolean' | 'bytes' | 'quantity';

/** Which fields a value may have, and of which types. */
export type Shape =
  | { readonly sort: 'any' }
  | { readonly sort: Scalar }
  | { readonly sort: 'list'; readonly items: Shape; readonly of: string }
  | { readonly sort: 'map'; readonly values: Shape }
  /** `isOpen`: fields without a shape may be there as well. */
  | { readonly sort: 'fields'; readonly of: string; readonly isOpen: boolean; readonly field: (name: string) => Shape | undefined };

const ANY: Shape = { sort: 'any' };
const kinds: Readonly<Record<string, string>> = table.kinds;
const types: Readonly<Record<string, Readonly<Record<string, string>>>> = table.types;

// The description of the API calls a quantity a string; the server takes a number as well.
const QUANTITIES: ReadonlySet<string> = new Set([
  ...['limits', 'requests', 'capacity', 'allocatable', 'allocatedResources', 'hard', 'used', 'overhead', 'podFixed'],
  ...['default', 'defaultRequest', 'max', 'min', 'maxLimitRequestRatio', 'sizeLimit', 'divisor', 'averageValue'],
]);

/** The shape behind a type of the table, for a field of this name. */
function builtIn(type: string, field: string): Shape {
  if (type.startsWith('[')) return { sort: 'list', items: builtIn(type.slice(1), field), of: goName(type.slice(1)) };
  if (type.startsWith('{')) return { sort: 'map', values: builtIn(type.slice(1), field) };
  if (type === 'string') return { sort: QUANTITIES.has(field) ? 'quantity' : 'string' };
  if (type === 'integer' || type === 'number' || type === 'boolean' || type === 'bytes') return { sort: type };
  const fields = types[type];
  if (fields === undefined) return ANY;
  const shapeOf = (name: string): Shape | undefined => {
    const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return found === undefined ? undefined : builtIn(found, name);
  };
  return { sort: 'fields', of: goName(type), isOpen: false, field: shapeOf };
}

/** `V1PodSpec` is `PodSpec` in the server's messages. */
function goName(type: string): string {
  return type.replace(/^(?:Core|Apiextensions|Admissionregistration)?V\d+/, '');
}

function custom(schema: unknown): Shape {
  if (!isFields(schema)) return ANY;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema['x-kubernetes-int-or-string'] === true) return ANY;
  switch (schema.type) {
    case 'object':
      return customObject(schema, isOpen);
    case 'array':
      return { sort: 'list', items: custom(schema.items), of: 'interface {}' };
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return { sort: schema.type };
    default:
      return ANY;
  }
}

function customObject(schema: Fields, isOpen: boolean): Shape {
  const properties = isFields(schema.properties) ? schema.properties : {};
  if (isFields(schema.additionalProperties)) return { sort: 'map', values: custom(schema.additionalProperties) };
  const isAny = (isOpen && Object.keys(properties).length === 0) || schema.additionalProperties === true;
  if (isAny) return ANY;
  const field = (name: string): Shape | undefined => (Object.hasOwn(properties, name) ? custom(properties[name]) : undefined);
  return { sort: 'fields', of: 'Object', isOpen, field };
}

/** The shape of objects of a type. Everything has the metadata of Kubernetes' own. */
export function shapeOf(type: ResourceType): Shape {
  if (builtInTypes.includes(type)) return builtIn(kinds[`${groupVersion(type)} ${type.kind}`] ?? '', '');
  const own = custom(type.schema);
  const common: Readonly<Record<string, Shape>> = {
    apiVersion: { sort: 'string' },
    kind: { sort: 'string' },
    metadata: builtIn('V1ObjectMeta', 'metadata'),
  };
  if (own.sort !== 'fields') return ANY;
  return { ...own, of: type.kind, field: (name) => common[name] ?? own.field(name) };
}

/** How the schema of a custom resource merges the list at a path of field names; undefined where it doesn't say. */
export function customList(schema: unknown, path: readonly string[]): 'atomic' | 'set' | { readonly keys: readonly string[] } | undefined {
  let current = schema;
  for (const name of path) {
    while (at(current, 'type') === 'array') current = at(current, 'items');
    current = at(current, 'properties', name) ?? at(current, 'additionalProperties');
  }
  const kind = at(current, 'x-kubernetes-list-type');
  if (kind === 'map') return { keys: listAt(current, 'x-kubernetes-list-map-keys').map(String) };
  return kind === 'set' || kind === 'atomic' ? kind : undefined;
}
