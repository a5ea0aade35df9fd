import type { GitLab } from '../clients/gitlab.ts';

/** The id of each file below a folder, by its path from the root; empty where there is no such folder. */
export async function blobsAt(gitlab: Pick<GitLab, 'tree'>, project: string, ref: string, folder: string): Promise<Map<string, string>> {
  const entries = (await gitlab.tree(project, ref, folder)) ?? [];
  return new Map(entries.filter(({ type }) => type === 'blob').map(({ path, id }) => [path, id]));
}

/** The deepest folder that holds all paths; empty for the root. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  const depth = first.findIndex((folder, index) => others.some((other) => other[index] !== folder));
  return (depth === -1 ? first : first.slice(0, depth)).join('/');
}
