import type { Cause } from './failure.ts';
import { unsupportedValue } from './failure.ts';
import { invalidValue } from './immutable-fields.ts';
import { type Fields, isFields, listAt } from './object.ts';

type Finding = Required<Cause>;

/** Fills in what the schema of a custom resource gives as defaults. */
export function withSchemaDefaults(schema: unknown, value: unknown): unknown {
  if (!isFields(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => withSchemaDefaults(schema.items, item));
  if (!isFields(value)) return value;
  const properties = isFields(schema.properties) ? schema.properties : {};
  const filled: Fields = { ...value };
  for (const [name, property] of Object.entries(properties)) {
    if (!isFields(property)) continue;
    if (filled[name] === undefined && property.default !== undefined) filled[name] = property.default;
    if (filled[name] !== undefined) filled[name] = withSchemaDefaults(property, filled[name]);
  }
  const others = schema.additionalProperties;
  if (isFields(others)) for (const name of Object.keys(value)) filled[name] = withSchemaDefaults(others, value[name]);
  return filled;
}

/** What the schema of a custom resource doesn't allow. Rules in CEL, formats and combinations (oneOf) are not looked at. */
export function schemaFindings(schema: unknown, value: unknown, path = ''): readonly Finding[] {
  if (!isFields(schema) || value === undefined) return [];
  if (value === null && schema.nullable === true) return [];
  const wrong = typeFinding(schema, value, path);
  if (wrong !== undefined) return [wrong];
  const allowed = listAt(schema, 'enum');
  const own = allowed.length > 0 && !allowed.includes(value) ? [unsupportedValue(path, value, allowed)] : [];
  if (typeof value === 'string') return [...own, ...textFindings(schema, value, path)];
  if (typeof value === 'number') return [...own, ...numberFindings(schema, value, path)];
  if (Array.isArray(value)) return [...own, ...listFindings(schema, value, path)];
  return isFields(value) ? [...own, ...fieldFindings(schema, value, path)] : own;
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return value === null ? 'null' : typeof value;
}

function typeFinding(schema: Fields, value: unknown, path: string): Finding | undefined {
  const actual = typeOf(value);
  const expected =
    schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : typeof schema.type === 'string' ? [schema.type] : [];
  if (expected.length === 0 || expected.includes(actual) || (expected.includes('number') && actual === 'integer')) return undefined;
  const shown = JSON.stringify(actual);
  const message = `Invalid value: ${shown}: ${path} in body must be of type ${expected.join(',')}: ${shown}`;
  return { reason: 'FieldValueTypeInvalid', field: path, message };
}

const bound = (schema: Fields, name: string): number | undefined => (typeof schema[name] === 'number' ? schema[name] : undefined);

function textFindings(schema: Fields, value: string, path: string): Finding[] {
  const [least = 0, most = Number.POSITIVE_INFINITY] = [bound(schema, 'minLength'), bound(schema, 'maxLength')];
  const pattern = typeof schema.pattern === 'string' ? schema.pattern : undefined;
  if (value.length > most) return [{ reason: 'FieldValueTooLong', field: path, message: `Too long: may not be more than ${most} bytes` }];
  if (value.length < least) return [invalidValue(path, value, `${path} in body should be at least ${least} chars long`)];
  if (pattern === undefined || new RegExp(pattern).test(value)) return [];
  return [invalidValue(path, value, `${path} in body should match '${pattern}'`)];
}

function numberFindings(schema: Fields, value: number, path: string): Finding[] {
  const [least, most] = [bound(schema, 'minimum'), bound(schema, 'maximum')];
  if (least !== undefined && value < least)
    return [invalidValue(path, value, `${path} in body should be greater than or equal to ${least}`)];
  if (most !== undefined && value > most) return [invalidValue(path, value, `${path} in body should be less than or equal to ${most}`)];
  return [];
}

function listFindings(schema: Fields, value: readonly unknown[], path: string): Finding[] {
  const [least = 0, most = Number.POSITIVE_INFINITY] = [bound(schema, 'minItems'), bound(schema, 'maxItems')];
  const { length } = value;
  const few = length < least ? [invalidValue(path, length, `${path} in body should have at least ${least} items`)] : [];
  const many =
    length > most ? [{ reason: 'FieldValueTooMany', field: path, message: `Too many: ${length}: must have at most ${most} items` }] : [];
  return [...few, ...many, ...value.flatMap((item, index) => schemaFindings(schema.items, item, `${path}[${index}]`))];
}

function fieldFindings(schema: Fields, value: Fields, path: string): Finding[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const required = listAt(schema, 'required')
    .map(String)
    .filter((name) => value[name] === undefined)
    .map((name): Finding => ({ reason: 'FieldValueRequired', field: at(name), message: 'Required value' }));
  const properties = isFields(schema.properties) ? schema.properties : {};
  const parts = Object.entries(value).flatMap(([name, part]) =>
    schemaFindings(Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties, part, at(name)),
  );
  return [...required, ...parts];
}
