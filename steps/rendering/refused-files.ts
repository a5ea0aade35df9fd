import type { Document } from 'yaml';
import { isJsonObject, type Json } from '../kit/json.ts';
import type { TextFile } from './text-file.ts';

interface Refused {
  readonly path: string;
  readonly reason: string;
}

/**
 * Files whose folder is not a plain set of Application manifests. Each would make services go missing silently, so all of them are
 * named and none is passed over.
 */
export function refusedFiles(
  templates: readonly TextFile[],
  parsed: readonly { file: TextFile; documents: readonly Document.Parsed[] }[],
): Refused[] {
  const byName = templates.flatMap(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === 'Chart.yaml') return [{ path, reason: 'a Helm chart' }];
    if (/^kustomization(\.ya?ml)?$/i.test(name)) return [{ path, reason: 'a kustomization' }];
    return name.endsWith('.jsonnet') ? [{ path, reason: 'Jsonnet' }] : [];
  });
  const named = new Set(byName.map(({ path }) => path));
  return [...byName, ...parsed.filter(({ file }) => !named.has(file.path)).flatMap(({ file, documents }) => refuse(file, documents))];
}

function refuse({ path, text }: TextFile, documents: readonly Document.Parsed[]): Refused[] {
  const broken = documents.flatMap(({ errors }) => errors)[0];
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line;
    return [
      {
        path,
        reason: text.includes('{{')
          ? 'a Helm template'
          : `not YAML${line === undefined ? '' : `, line ${line}`}: ${firstLine(broken.message)}`,
      },
    ];
  }
  for (const document of documents) {
    const value = document.toJS() as Json;
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
