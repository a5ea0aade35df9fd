import type { JsonObject } from '../kit/json.ts';
import { isJsonObject } from '../kit/json.ts';
import { pinValues, startPinning } from '../rendering/pin-images.ts';
import type { RenderedService } from '../rendering/render.ts';
import { runningImages } from '../rendering/running-images.ts';
import { mergePatch } from '../rendering/source-override.ts';
import type { GitTexts } from './read-git-files.ts';

/** An image that Git's Helm values have in another version than ran, and that the template does not name. */
export interface ImageInValues {
  readonly name: string;
  readonly repository: string;
  readonly from: string;
  readonly to: string;
}

/**
 * What values in Git would deploy in another version than ran: nothing here changes them, so people must hear of it. Of the files of one
 * application a later one goes before an earlier, as Helm has it. Values without a version (the chart decides) tell nothing.
 */
export async function imagesInValues(
  services: readonly Pick<RenderedService, 'name' | 'elsewhere' | 'valueFiles'>[],
  files: GitTexts['files'],
): Promise<ImageInValues[]> {
  const wanted = services.filter(({ elsewhere, valueFiles }) => elsewhere.length > 0 && valueFiles.length > 0);
  if (wanted.length === 0) return [];
  const { parseYaml, readValue } = await import('../rendering/rewrite.ts');
  const read = new Map<string, JsonObject>();
  for (const { repoURL, path, text } of files) {
    const [document] = parseYaml(text);
    const value = document === undefined || document.errors.length > 0 ? null : readValue(document);
    if (isJsonObject(value)) read.set(`${repoURL} ${path}`, value);
  }
  return wanted.flatMap(({ name, elsewhere, valueFiles }) => {
    const values = valueFiles.reduce<JsonObject>(
      (before, { repoURL, path }) => mergePatch(before, read.get(`${repoURL} ${path}`) ?? {}),
      {},
    );
    const pinning = startPinning(runningImages({ images: elsewhere }));
    pinValues(pinning, values);
    return pinning.moved.flatMap(({ repository, from, to }) => (from === null ? [] : [{ name, repository, from, to }]));
  });
}
