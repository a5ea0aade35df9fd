import { badRequest, failure, invalidObject } from './failure.ts';
import { inspect, isBase64, type Place, type WrongType } from './inspect.ts';
import { type Fields, isFields } from './object.ts';
import { builtInTypes, groupVersion, type ResourceType } from './resources.ts';
import { type Shape, shapeOf } from './shapes.ts';

/** What becomes of fields that the type doesn't have (`fieldValidation`). */
export interface Decoding {
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** Is told of the fields that were dropped. */
  readonly warn: (text: string) => void;
}

/** An object as the server reads it from a body: without what its type doesn't have. Throws 400 for a value of another type. */
export function decodeObject(type: ResourceType, body: Fields, decoding: Decoding): Fields {
  const lead = `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}`;
  return decode(type, body, decoding, (why) => badRequest(`${lead}: ${why}`));
}

/** The same for what a patch has made: what is wrong is the patch, 422. */
export function decodePatched(type: ResourceType, patched: Fields, decoding: Decoding): Fields {
  return decode(type, patched, decoding, (why) => {
    const message = `Invalid value: ${JSON.stringify(JSON.stringify(patched))}: ${why}`;
    return invalidObject({ group: '', plural: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', field: 'patch', message }]);
  });
}

function decode(type: ResourceType, body: Fields, { fieldValidation, warn }: Decoding, refuse: (why: string) => Error): Fields {
  const { value, unknown, wrong } = inspect(shapeOf(type), body);
  // A custom resource is judged by its schema later, as a whole.
  const [first] = builtInTypes.includes(type) ? wrong : wrong.filter(({ place }) => place[0] === 'metadata');
  if (first !== undefined) throw refuse(unmarshal(first));
  const mistakes = unknown.map(({ place }) => `unknown field "${jsonPath(place)}"`);
  if (mistakes.length > 0 && fieldValidation === 'Strict') throw refuse(`strict decoding error: ${mistakes.join(', ')}`);
  if (fieldValidation === 'Warn') mistakes.forEach(warn);
  return value as Fields;
}

/** Server-side apply knows no leniency: what the schema doesn't declare is an error of the server's, 500. */
export function checkApplied(type: ResourceType, body: Fields): void {
  const { unknown, wrong } = inspect(shapeOf(type), body);
  const lines = [
    ...wrong
      .filter(({ value, expected }) => !isBadBase64(value, expected))
      .map((each) => `${typedPath(each.place, body)}: ${expectation(each)}`),
    ...unknown.map(({ place }) => `${typedPath(place, body)}: field not declared in schema`),
  ];
  const namespace = isFields(body.metadata) ? String(body.metadata.namespace ?? '') : '';
  const name = isFields(body.metadata) ? String(body.metadata.name ?? '') : '';
  const version = type.group === '' ? `/${type.version}` : groupVersion(type);
  const which = `(${namespace}/${name}; ${version}, Kind=${type.kind})`;
  if (lines.length > 0) {
    const what = lines.length === 1 ? lines[0] : `errors:\n${lines.map((line) => `  ${line}`).join('\n')}`;
    throw failure(500, '', `failed to create typed patch object ${which}: ${what}`);
  }
  const [bytes] = wrong;
  if (bytes === undefined) return;
  const why = `unable to convert unstructured object to ${version}, Kind=${type.kind}: error decoding from json: ${unmarshal(bytes)}`;
  throw failure(500, '', `failed to convert new object ${which} to proper version: ${why}`);
}

const isBadBase64 = (value: unknown, { sort }: Shape): boolean => sort === 'bytes' && typeof value === 'string' && !isBase64(value);

/** As Go's decoder says it. */
function unmarshal({ place, value, expected, owner }: WrongType): string {
  if (isBadBase64(value, expected)) return `illegal base64 data at input byte ${Math.max(0, String(value).search(/[^A-Za-z0-9+/=]|$/))}`;
  const path = place.filter((step) => typeof step === 'string').join('.');
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${owner}.${path} of type ${goType(expected)}`;
}

function expectation({ value, expected }: WrongType): string {
  const known: Partial<Record<Shape['sort'], string>> = {
    integer: 'numeric (int or float)',
    number: 'numeric (int or float)',
    boolean: 'boolean',
    list: 'list',
    map: 'map',
    fields: 'map',
  };
  return `expected ${known[expected.sort] ?? 'string'}, got ${jsonType(value)}`;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

function goType(shape: Shape): string {
  switch (shape.sort) {
    case 'integer':
      return 'int32';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'bytes':
      return '[]uint8';
    case 'list':
      return /^[A-Z]/.test(shape.of) ? `[]v1.${shape.of}` : `[]${shape.of}`;
    case 'map':
      return `map[string]${goType(shape.values)}`;
    case 'fields':
      return `v1.${shape.of}`;
    default:
      return 'string';
  }
}

/** `spec.template.spec.containers[0].image` */
function jsonPath(place: Place): string {
  return place.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** `.spec.template.spec.containers[name="web"].image`: items by their name, where they have one. */
function typedPath(place: Place, body: Fields): string {
  let current: unknown = body;
  let text = '';
  for (const step of place) {
    current = Array.isArray(current) ? current[Number(step)] : isFields(current) ? current[step] : undefined;
    const name = isFields(current) && typeof step === 'number' ? current.name : undefined;
    text += typeof step === 'string' ? `.${step}` : typeof name === 'string' ? `[name=${JSON.stringify(name)}]` : `[${step}]`;
  }
  return text;
}
