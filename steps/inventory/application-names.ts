import { parseAllDocuments } from 'yaml';
import type { Estate } from '../estate/estate.ts';
import { isJsonObject, type Json } from '../kit/json.ts';
import { isApplication, targetsPrimary } from '../rendering/application.ts';

/** The applications on the primary that a YAML text defines. A text that is no YAML (a chart's template) defines none. */
export function applicationNames(text: string, primary: Estate['primary']['argocdDestination']): string[] {
  return documentsOf(text).flatMap((value) => {
    if (!isApplication(value) || !targetsPrimary(value, primary)) return [];
    const metadata = value.metadata ?? null;
    return isJsonObject(metadata) && typeof metadata.name === 'string' ? [metadata.name] : [];
  });
}

function documentsOf(text: string): Json[] {
  try {
    return parseAllDocuments(text, { logLevel: 'silent' }).flatMap((document) =>
      document.errors.length > 0 ? [] : [document.toJS({ maxAliasCount: 100 }) as Json],
    );
  } catch {
    // An alias that is not defined, or too many of them.
    return [];
  }
}
