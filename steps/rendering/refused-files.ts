import type { Document } from 'yaml';
import { isJsonObject, type Json } from '../kit/json.ts';
import type { TextFile } from './text-file.ts';

export interface Refused {
  readonly path: string;
  readonly reason: string;
}

/**
 * Files by whose name their folder is not a plain set of Application manifests. They would make services go missing silently, so all of
 * them are named and none is passed over.
 */
export function refusedByName(templates: readonly { readonly path: string }[]): Refused[] {
  return templates.flatMap(({ path }) => {
    const reason = generatorOf(path);
    return reason === null ? [] : [{ path, reason }];
  });
}

/** What generates applications from a file of this name; null for plain ones. */
function generatorOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'Chart.yaml') return 'a Helm chart';
  if (/^kustomization(\.ya?ml)?$/i.test(name)) return 'a kustomization';
  return name.endsWith('.jsonnet') ? 'Jsonnet' : null;
}

/** The same by what stands in a file. `values`: of its documents, null where they are broken. */
export function refuseDocuments({ path, text }: TextFile, documents: readonly Document.Parsed[], values: readonly Json[]): Refused[] {
  const broken = documents.flatMap(({ errors }) => errors)[0];
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line;
    const where = line === undefined ? '' : `, line ${line}`;
    return [{ path, reason: text.includes('{{') ? 'a Helm template' : `not YAML${where}: ${firstLine(broken.message)}` }];
  }
  for (const value of values) {
    if (!isJsonObject(value)) continue;
    if (value.kind === 'ApplicationSet') return [{ path, reason: 'an ApplicationSet' }];
    if (
      value.kind === 'Application' &&
      JSON.stringify([value.metadata, (value.spec as { destination?: Json } | null)?.destination ?? null]).includes('{{')
    ) {
      return [{ path, reason: 'a Helm template' }];
    }
  }
  return [];
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '');
}
