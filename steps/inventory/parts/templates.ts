import * as z from 'zod';
import type { GitLab } from '../../clients/gitlab.ts';
import type { Estate } from '../../estate/estate.ts';
import { EksDrError } from '../../kit/errors.ts';
import { plainFiles } from '../../rendering/generators.ts';
import { textsAt } from '../../resources/gitlab-texts.ts';
import { definePart, sortedBy } from '../part.ts';

/** `files` is application -> path. */
const schema = z.strictObject({
  project: z.string().min(1),
  branch: z.string().min(1),
  folder: z.string(),
  commit: z.string().min(1),
  files: z.record(z.string(), z.string()),
});

type Templates = z.infer<typeof schema>;

/** Where in Git each application is defined. */
export const templates = definePart({
  schema,
  words: 'templates',
  system: 'GitLab',
  size: ({ files }) => Object.keys(files).length,
  read: async (clients, estate) => readTemplates(await clients.gitlab(), estate),
});

/** Which file of the templates defines which application, at the newest commit of the target branch. */
export async function readTemplates(
  gitlab: Pick<GitLab, 'branch' | 'tree' | 'archive' | 'blob' | 'knowContent' | 'knows'>,
  estate: Pick<Estate, 'argocd' | 'gitlab' | 'primary'>,
): Promise<Templates> {
  const { project, targetBranch, templates } = estate.gitlab;
  const folder = templates.replace(/\/+$/, '');
  const branch = await gitlab.branch(project, targetBranch);
  if (branch === null) throw absent(`the branch ${targetBranch} of ${project}`, 'gitlab.project and gitlab.targetBranch');
  const commit = branch.commit.id;
  const tree = await gitlab.tree(project, commit, folder);
  if (tree === null) throw absent(`the folder ${folder} on ${targetBranch} of ${project}`, 'gitlab.templates');
  // What is generated is defined by what generates it, whatever the files below look like.
  const plain = estate.argocd.generatedApplications === 'live' ? plainFiles(tree) : tree;
  const files = sortedBy(
    plain.filter(({ type, path }) => type === 'blob' && /\.ya?ml$/.test(path)),
    ({ path }) => path,
  );
  const { applicationNames } = await import('../application-names.ts');
  const texts = await textsAt(gitlab, { project, commit, folder }, files);
  const defined = [...texts].map(([path, text]) => applicationNames(text, estate.primary.argocdDestination).map((name) => [name, path]));
  // Of two files that define the same application the first counts, on every run.
  return { project, branch: targetBranch, folder, commit, files: Object.fromEntries(defined.flat().toReversed()) };
}

function absent(what: string, where: string): EksDrError {
  return new EksDrError('remote-refused', {
    message: `GitLab does not know ${what} (or this token may not see it).`,
    target: where,
    remedy: `Correct ${where} in the estate, or the access of the token.`,
  });
}
