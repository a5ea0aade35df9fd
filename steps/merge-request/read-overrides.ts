import type { GitLab } from '../clients/gitlab.ts';
import type { Estate } from '../estate/estate.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import type { RenderedService } from '../rendering/render.ts';
import { type GitTexts, readGitFiles } from './read-git-files.ts';

export interface Overrides {
  /** By application on the primary: for each source what Git overrides in it, null for nothing. Applications without any are left out. */
  readonly overrides: Readonly<Record<string, readonly (JsonObject | null)[]>>;
  readonly unread: GitTexts['unread'];
}

/** Reads what Git overrides for applications by their names: a recovered one is called otherwise and has to take it along. */
export async function readOverrides(
  gitlab: GitLab,
  estate: Pick<Estate, 'argocd' | 'gitlab'>,
  services: readonly Pick<RenderedService, 'name' | 'overrideFiles'>[],
): Promise<Overrides> {
  const wanted = services.flatMap(({ overrideFiles }) => overrideFiles.filter((file) => file !== null));
  if (wanted.length === 0) return { overrides: {}, unread: [] };
  const { files, unread } = await readGitFiles(gitlab, estate, wanted);
  const { parseYaml, readValue } = await import('../rendering/rewrite.ts');
  const contents = new Map<string, Json>();
  const broken: GitTexts['unread'][number][] = [];
  for (const { repoURL, path, text } of files) {
    const [document] = parseYaml(text);
    if (document === undefined || document.errors.length === 0)
      contents.set(`${repoURL} ${path}`, document === undefined ? null : readValue(document));
    else broken.push({ where: `${repoURL} ${path}`, files: 1, reason: 'it is not YAML' });
  }
  const overrides = services.flatMap(({ name, overrideFiles }) => {
    const ofSources = overrideFiles.map((file) => {
      const content = file === null ? null : (contents.get(`${file.repoURL} ${file.path}`) ?? null);
      return isJsonObject(content) ? content : null;
    });
    return ofSources.some((override) => override !== null) ? [[name, ofSources] as const] : [];
  });
  return { overrides: Object.fromEntries(overrides), unread: [...unread, ...broken] };
}
