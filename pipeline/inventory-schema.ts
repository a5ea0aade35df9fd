import * as z from 'zod';
import { lastGoodDocument } from '../steps/inventory/last-good.ts';
import type { Json } from '../steps/kit/json.ts';

/**
 * The shape of the archived inventory as JSON Schema (draft 2020-12), as `eks-dr inventory` writes it, with a final line break. An archive
 * of an older version lacks parts, and may lack what has a default here.
 */
export function inventorySchemaText(): string {
  // What zod checks by code (any JSON object) has no schema of its own.
  const { $schema, ...shape } = z.toJSONSchema(lastGoodDocument, { io: 'input', unrepresentable: 'any' }) as Record<string, Json>;
  const description = 'What runs on a primary: what eks-dr inventory archives, part by part.';
  return `${JSON.stringify({ $schema: $schema ?? null, title: 'EKS-DR inventory', description, ...shape }, null, 2)}\n`;
}
