import type { GitLab } from '../clients/gitlab.ts';
import { EksDrError } from '../kit/errors.ts';
import type { TextFile } from '../rendering/text-file.ts';
import { textsAt } from '../resources/gitlab-texts.ts';

/** Every file of the templates' folder at one commit, with paths relative to it. Only manifests are fetched; of others the name tells enough. */
export async function templatesInGit(gitlab: GitLab, templates: { project: string; folder: string; commit: string }): Promise<TextFile[]> {
  const { project, commit } = templates;
  const folder = templates.folder.replace(/\/+$/, '');
  const entries = await gitlab.tree(project, commit, folder);
  if (entries === null) {
    throw new EksDrError('input-invalid', {
      message: `${project} has no folder ${folder} at ${commit.slice(0, 8)}.`,
      target: folder,
      remedy: 'Correct gitlab.templates in the estate, or take a new inventory.',
    });
  }
  const files = entries.filter(({ type }) => type === 'blob');
  const manifests = files.filter(({ path }) => /\.(ya?ml|json)$/i.test(path));
  const texts = await textsAt(gitlab, { project, commit, folder }, manifests);
  return files.map(({ path }) => ({ path: path.slice(folder === '' ? 0 : folder.length + 1), text: texts.get(path) ?? '' }));
}
