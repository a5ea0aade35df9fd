import { isFields } from './object.ts';
import type { Scalar, Shape } from './shapes.ts';

/** Where something is: names of fields, and numbers of items. */
export type Place = readonly (string | number)[];

export interface WrongType {
  readonly place: Place;
  readonly value: unknown;
  readonly expected: Shape;
  /** The struct that the field belongs to, as Go names it. */
  readonly owner: string;
}

export interface Inspection {
  /** The value without what is not declared; quantities as text. */
  readonly value: unknown;
  readonly unknown: readonly { readonly place: Place; readonly parent: unknown }[];
  readonly wrong: readonly WrongType[];
}

type Found = { -readonly [Name in 'unknown' | 'wrong']: Inspection[Name][number][] };

/** Holds a value against a shape. */
export function inspect(shape: Shape, value: unknown): Inspection {
  const found: Found = { unknown: [], wrong: [] };
  return { value: look(shape, value, [], '', found), ...found };
}

function look(shape: Shape, value: unknown, place: Place, owner: string, found: Found): unknown {
  switch (shape.sort) {
    case 'any':
      return value;
    case 'fields':
      return isFields(value) ? fields(shape, value, place, found) : wrong(shape, value, place, owner, found);
    case 'map':
      if (!isFields(value)) return wrong(shape, value, place, owner, found);
      return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, look(shape.values, part, [...place, name], owner, found)]),
      );
    case 'list':
      if (!Array.isArray(value)) return wrong(shape, value, place, owner, found);
      return value.map((item: unknown, index) => look(shape.items, item, [...place, index], owner, found));
    default:
      if (shape.sort === 'quantity' && typeof value === 'number') return String(value);
      return isScalar(shape.sort, value) ? value : wrong(shape, value, place, owner, found);
  }
}

function fields(shape: Extract<Shape, { sort: 'fields' }>, value: Record<string, unknown>, place: Place, found: Found): unknown {
  const kept: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    const declared = shape.field(name);
    if (declared !== undefined) kept[name] = look(declared, part, [...place, name], shape.of, found);
    else if (shape.isOpen) kept[name] = part;
    else found.unknown.push({ place: [...place, name], parent: value });
  }
  return kept;
}

function wrong(expected: Shape, value: unknown, place: Place, owner: string, found: Found): unknown {
  found.wrong.push({ place, value, expected, owner });
  return value;
}

function isScalar(sort: Scalar, value: unknown): boolean {
  switch (sort) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isInteger(value);
    case 'bytes':
      return typeof value === 'string' && isBase64(value);
    default:
      return typeof value === 'string';
  }
}

export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
