import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { estate } from '../../steps/estate/estate.ts';
import { isJsonObject, type Json, type JsonObject } from '../../steps/kit/json.ts';
import type { Path } from './mistake.ts';

/** The estate's shape as JSON Schema (draft 2020-12), as people write it: what has a default may be left out. For editors. */
export function estateJsonSchema(): JsonObject {
  const { $schema, ...shape } = z.toJSONSchema(estate, { io: 'input' }) as Record<string, Json>;
  return { $schema: $schema ?? null, title: 'EKS-DR estate', description: 'eks-dr.yaml: what EKS-DR knows of a platform.', ...shape };
}

/** The file `docs/estate.schema.json`, with a final line break. */
export function estateSchemaText(): string {
  return `${JSON.stringify(estateJsonSchema(), null, 2)}\n`;
}

/** Writes the schema file if it is not there as it should be. `check`: only tells. Answers whether the file was as it should be. */
export async function writeEstateSchema(file: string, options: { readonly check: boolean }): Promise<boolean> {
  const wanted = estateSchemaText();
  const found = await readFile(file, 'utf8').catch(() => undefined);
  if (found === wanted) return true;
  if (!options.check) await writeFileAtomic(file, wanted);
  return false;
}

/** The keys that a mapping at this path may have; empty where any may stand. */
export function keysAt(schema: JsonObject, path: Path): readonly string[] {
  let nodes: readonly Json[] = [schema];
  for (const segment of path) nodes = nodes.flatMap((node) => below(schema, node, segment));
  return [...new Set(nodes.flatMap((node) => alternatives(schema, node)).flatMap((node) => Object.keys(objectAt(node, 'properties'))))];
}

function below(root: JsonObject, node: Json, segment: string | number): readonly Json[] {
  return alternatives(root, node).flatMap((each) => {
    if (typeof segment === 'number') return each.items === undefined ? [] : [each.items];
    const property = objectAt(each, 'properties')[segment] ?? each.additionalProperties;
    return property === undefined ? [] : [property];
  });
}

/** A node with `$ref`, `anyOf` and `oneOf` unfolded. */
function alternatives(root: JsonObject, node: Json): readonly JsonObject[] {
  if (!isJsonObject(node)) return [];
  if (typeof node.$ref === 'string') {
    // References occur only to free JSON values, inside which every key is allowed.
    return [];
  }
  const branches = [node.anyOf, node.oneOf].flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []));
  return branches.length === 0 ? [node] : branches.flatMap((branch) => alternatives(root, branch));
}

function objectAt(node: JsonObject, key: string): JsonObject {
  const value = node[key];
  return value !== undefined && isJsonObject(value) ? value : {};
}
