import { stringify } from 'yaml';
import type { JsonObject } from '../kit/json.ts';
import { generatedPath } from './generators.ts';
import type { TextFile } from './text-file.ts';

/** Applications that something generates, written down as Argo CD has them: templates like any other. */
export function generatedTemplates(services: readonly { readonly name: string; readonly manifest?: JsonObject | undefined }[]): TextFile[] {
  return services.flatMap(({ name, manifest }) =>
    manifest === undefined
      ? []
      : [{ path: generatedPath(name), text: stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false }) }],
  );
}
