import pLimit from 'p-limit';
import type { GitLab } from '../clients/gitlab.ts';
import { EksDrError } from '../kit/errors.ts';
import { utf8Text } from '../kit/text.ts';

/** So many files are rather asked for one by one: GitLab packs five archives a minute and no more. */
const FEW = 4;

export interface FolderAtCommit {
  readonly project: string;
  /** A commit's id: what it holds never changes. */
  readonly commit: string;
  readonly folder: string;
}

/**
 * The texts of files by their paths from the root, where `files` come from the tree of that commit. One archive brings them all; what the
 * archive lacks, or has otherwise than the tree says, comes as a blob, as everything does where GitLab packs none. Throws `remote-refused`
 * for what isn't UTF-8.
 */
export async function textsAt(
  gitlab: Pick<GitLab, 'archive' | 'blob' | 'knowContent' | 'knows'>,
  place: FolderAtCommit,
  files: readonly { readonly id: string; readonly path: string }[],
): Promise<Map<string, string>> {
  const unknown = files.filter(({ id }) => !gitlab.knows(id));
  if (unknown.length > FEW) await learnFromArchive(gitlab, place, unknown);
  const limit = pLimit(8);
  return new Map(await Promise.all(files.map(({ id, path }) => limit(async () => [path, await gitlab.blob(place.project, id)] as const))));
}

/** A content is known under its own id: one that isn't the file's is of no use, and does no harm. */
async function learnFromArchive(
  gitlab: Pick<GitLab, 'archive' | 'knowContent'>,
  { project, commit, folder }: FolderAtCommit,
  files: readonly { readonly id: string; readonly path: string }[],
): Promise<void> {
  const archive = await gitlab.archive(project, commit, folder).catch((thrown: unknown) => {
    if (thrown instanceof EksDrError && thrown.category !== 'interrupted') return new Map<string, Uint8Array>();
    throw thrown;
  });
  for (const { id, path } of files) {
    const bytes = archive.get(path);
    const text = bytes === undefined ? undefined : utf8Text(bytes);
    if (text !== undefined) gitlab.knowContent(text, id);
  }
}
