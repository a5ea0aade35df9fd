import type { GitLab } from '../clients/gitlab.ts';
import type { Estate } from '../estate/estate.ts';
import { asBearable } from '../kit/errors.ts';
import { groupBy } from '../kit/keys.ts';
import { compareText } from '../kit/text.ts';
import type { TextFile } from '../rendering/text-file.ts';
import type { GitFile } from '../rendering/value-files.ts';
import { textsAt } from '../resources/gitlab-texts.ts';
import { commonFolder } from '../resources/gitlab-tree.ts';
import { projectAt } from './project-at.ts';

/** Files with the projects that they lie in, and those that could not be looked at. */
export interface GitTexts {
  readonly files: readonly (TextFile & { readonly project: string; readonly repoURL: string })[];
  /** Repository, revision and why. */
  readonly unread: readonly { readonly where: string; readonly files: number; readonly reason: string }[];
}

/** So many files are asked for one by one. */
const FEW = 4;

type Repositories = Pick<Estate, 'argocd' | 'gitlab'>;

/**
 * Reads what applications refer to, as far as it lies in GitLab: many files of one repository and revision by one tree and one archive. What
 * can't be read is for a reviewer to hear of, and stops nothing; what isn't there is left out.
 */
export async function readGitFiles(gitlab: GitLab, estate: Repositories, wanted: readonly GitFile[]): Promise<GitTexts> {
  const groups = [...groupBy(wanted, ({ repoURL, revision }) => `${repoURL} ${revision}`).values()];
  const read = await Promise.all(groups.map((group) => readGroup(gitlab, estate, group)));
  return {
    files: read.flatMap(({ files }) => files).toSorted((a, b) => compareText(`${a.project} ${a.path}`, `${b.project} ${b.path}`)),
    unread: read.flatMap(({ unread }) => unread),
  };
}

async function readGroup(
  gitlab: GitLab,
  { argocd, gitlab: { url, project: own } }: Repositories,
  group: readonly GitFile[],
): Promise<GitTexts> {
  const [{ repoURL, revision } = { repoURL: '', revision: '' }] = group;
  const paths = new Set(group.map(({ path }) => path));
  const project = repoURL === argocd.repoUrl ? own : projectAt(repoURL, url);
  const unread = (reason: string): GitTexts => ({
    files: [],
    unread: [{ where: `${repoURL} at ${revision}`, files: paths.size, reason }],
  });
  if (project === null) return unread('it does not lie in this GitLab');
  try {
    const texts = paths.size > FEW ? await fromTree(gitlab, project, revision, paths) : await oneByOne(gitlab, project, revision, paths);
    if (texts === null) return unread('GitLab does not know the project, the revision or the folder');
    return { files: [...texts].map(([path, text]) => ({ project, repoURL, path, text })), unread: [] };
  } catch (thrown) {
    return unread(asBearable(thrown).message);
  }
}

/** One call each. Those that are not there are left out. */
async function oneByOne(gitlab: GitLab, project: string, ref: string, paths: ReadonlySet<string>): Promise<Map<string, string>> {
  const texts = [...paths].map(async (path): Promise<[string, string][]> => {
    const file = await gitlab.file(project, ref, path);
    return file === null ? [] : [[path, await gitlab.blob(project, file.blobId)]];
  });
  return new Map((await Promise.all(texts)).flat());
}

async function fromTree(gitlab: GitLab, project: string, ref: string, paths: ReadonlySet<string>): Promise<Map<string, string> | null> {
  const folder = commonFolder([...paths]);
  const entries = await gitlab.tree(project, ref, folder);
  if (entries === null) return null;
  return textsAt(
    gitlab,
    { project, commit: ref, folder },
    entries.filter(({ type, path }) => type === 'blob' && paths.has(path)),
  );
}
