import { isJsonObject, type Json, type JsonObject } from '../../steps/kit/json.ts';
import { estateJsonSchema } from '../estate/json-schema.ts';

interface Row {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly fallback: Json | undefined;
  readonly description: string;
}

/** docs/estate.md: every field of the estate, from the schema. */
export function estatePage(): string {
  const rows = rowsOf(estateJsonSchema(), '');
  return [
    '<!-- Generated from steps/estate/ by `npm run generate`; do not edit. -->',
    '# The estate, field by field',
    '',
    'A commented, complete example: `examples/shop/eks-dr.yaml`. For completion in an editor: `docs/estate.schema.json`.',
    '',
    '| field | value | without it | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ path, type, required, fallback, description }) => `| \`${path}\` | ${type} | ${withoutIt(required, fallback)} | ${description} |`,
    ),
    '',
  ].join('\n');
}

function withoutIt(required: boolean, fallback: Json | undefined): string {
  if (fallback !== undefined && !isEmptyObject(fallback)) return `\`${JSON.stringify(fallback)}\``;
  return required ? 'required' : '';
}

function rowsOf(node: JsonObject, path: string): Row[] {
  const required = new Set(Array.isArray(node.required) ? (node.required as readonly Json[]) : []);
  const named = Object.entries(objectAt(node, 'properties')).flatMap(([key, child]) =>
    isJsonObject(child) ? rowsBelow(child, path === '' ? key : `${path}.${key}`, required.has(key)) : [],
  );
  const free = objectAt(node, 'additionalProperties');
  return hasFields(free) ? [...named, ...rowsOf(free, `${path}.<name>`)] : named;
}

function rowsBelow(node: JsonObject, path: string, required: boolean): Row[] {
  const description = typeof node.description === 'string' ? node.description : '';
  const row: Row = { path, type: typeOf(node), required, fallback: node.default, description: description.replaceAll('|', '\\|') };
  const items = isJsonObject(node.items ?? null) ? (node.items as JsonObject) : null;
  const branches = (Array.isArray(node.anyOf) ? (node.anyOf as readonly Json[]) : []).filter(isJsonObject);
  const below = [
    ...rowsOf(node, path),
    ...(items === null ? [] : rowsOf(items, `${path}[]`)),
    ...branches.flatMap((branch) => rowsOf(branch, path)),
  ];
  return [row, ...below];
}

function typeOf(node: JsonObject): string {
  if (Array.isArray(node.enum)) return (node.enum as readonly Json[]).map((value) => `\`${String(value)}\``).join(', ');
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (Array.isArray(node.anyOf)) return [...new Set((node.anyOf as readonly Json[]).filter(isJsonObject).map(typeOf))].join(', or ');
  if (node.type === 'array') return `list of ${isJsonObject(node.items ?? null) ? typeOf(node.items as JsonObject) : 'anything'}`;
  if (node.type === 'object') return 'mapping';
  return typeof node.type === 'string' ? node.type : 'anything';
}

function hasFields(node: JsonObject): boolean {
  return Object.keys(objectAt(node, 'properties')).length > 0;
}

function objectAt(node: JsonObject, key: string): JsonObject {
  const value = node[key];
  return value !== undefined && isJsonObject(value) ? value : {};
}

function isEmptyObject(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}
