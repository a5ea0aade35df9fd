import { awsFault } from '../aws/fault.ts';
import { namedList, type XmlValue } from '../aws/xml.ts';

/** A member of an API structure, as its documentation describes it. */
export type Shape = 'text' | 'number' | 'flag' | ListShape | NodeShape;

export interface ListShape {
  readonly item: string;
  readonly of: Shape;
}

export interface NodeShape {
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

export type XmlData = string | number | boolean | XmlData[] | { [name: string]: XmlData | undefined };
export type XmlObject = { [name: string]: XmlData | undefined };

export function node(required: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): NodeShape {
  return { members: { ...required, ...optional }, required: Object.keys(required) };
}

export function list(item: string, of: Shape = 'text'): ListShape {
  return { item, of };
}

/** CloudFront's own form of a list: how many there are, then the items. */
export function counted(item: string, of: Shape = 'text', more: Readonly<Record<string, Shape>> = {}): NodeShape {
  return node({ Quantity: 'number' }, { ...more, Items: list(item, of) });
}

/** The data in a parsed element. Unknown elements, missing required ones and wrong types are refused. */
export function readShape(shape: Shape, value: unknown, path: string): XmlData {
  if (shape === 'text') return typeof value === 'string' ? value : refuse(path);
  if (shape === 'flag') return value === 'true' ? true : value === 'false' ? false : refuse(path);
  if (shape === 'number') return typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : refuse(path);
  if ('item' in shape) {
    const items = elements(value, path)[shape.item];
    const all = items === undefined ? [] : Array.isArray(items) ? items : [items];
    return [...known(elements(value, path), [shape.item], path), ...all].map((item) => readShape(shape.of, item, `${path}.${shape.item}`));
  }
  return readNode(shape, elements(value, path), path);
}

function readNode({ members, required }: NodeShape, value: Readonly<Record<string, unknown>>, path: string): XmlObject {
  known(value, Object.keys(members), path);
  const missing = required.find((name) => !(name in value));
  if (missing !== undefined) throw awsFault(400, 'InvalidArgument', `The parameter ${path}.${missing} is required.`);
  const data: XmlObject = {};
  for (const [name, shape] of Object.entries(members)) {
    if (name in value) data[name] = readShape(shape, value[name], `${path}.${name}`);
  }
  const items = Array.isArray(data.Items) ? data.Items : [];
  if ('Quantity' in members && data.Quantity !== items.length) {
    const message = 'The value of Quantity and the size of Items don’t match.';
    throw awsFault(400, 'InconsistentQuantities', `${message} (${path})`);
  }
  return data;
}

function elements(value: unknown, path: string): Readonly<Record<string, unknown>> {
  // An element without members is parsed as a text.
  if (typeof value === 'string' && value.trim() === '') return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path);
  return value as Record<string, unknown>;
}

function known(value: Readonly<Record<string, unknown>>, names: readonly string[], path: string): [] {
  const unknown = Object.keys(value).find((name) => name !== '#text' && !names.includes(name));
  if (unknown === undefined) return [];
  throw awsFault(400, 'MalformedInput', `Unexpected element ${unknown} in ${path}`);
}

function refuse(path: string): never {
  throw awsFault(400, 'MalformedInput', `Invalid value of ${path}`);
}

/** The same data as elements, in the order of the documentation. */
export function renderShape(shape: Shape, data: XmlData): XmlValue {
  if (typeof shape === 'string') return data as string;
  if ('item' in shape)
    return namedList(
      shape.item,
      (data as XmlData[]).map((item) => renderShape(shape.of, item)),
    );
  const object = data as XmlObject;
  const present = Object.entries(shape.members).flatMap(([name, member]) => {
    const value = object[name];
    return value === undefined ? [] : [[name, renderShape(member, value)] as const];
  });
  return Object.fromEntries(present);
}
