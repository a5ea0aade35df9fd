import pLimit from 'p-limit';
import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { gitBlobId } from '../clients/git-blob.ts';
import type { CommitAction, GitLab } from '../clients/gitlab.ts';
import { defineDriver, type Observed, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import { groupBy } from '../kit/keys.ts';
import { commitMessage, ownerOfFile } from './gitlab-owner.ts';

const id = z.strictObject({
  project: z.string().min(1),
  branch: z.string().min(1),
  /** The commit at which the branch starts: what the file is while the branch is yet to be made. */
  base: z.string().min(1),
  path: z.string().min(1),
});

/** Templates hold no secrets: they stand in Git anyway. So a plan shows the whole content. */
const state = z.strictObject({ content: z.string() });

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type C = Pick<Clients, 'gitlab'>;

const driver = defineDriver<Id, State, C>({
  kind: 'gitlab.file',
  noun: 'file in Git',
  compareAndSwap: { cas: 'yes', by: 'last_commit_id; creating is refused when the file exists' },
  permissions: { read: ['gitlab: Reporter'], write: ['gitlab: Developer'] },
  concurrency: 1,
  // One commit each. More actions in one request have been reported to fail.
  batch: 100,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ path, branch }) => `${path} on ${branch}`,
  group: ({ project, branch }) => `${project} ${branch}`,

  async read(clients, ids) {
    const gitlab = await clients.gitlab();
    const found = new Map<Id, Observed<State>>();
    for (const members of groupBy(ids, ({ project, branch }) => `${project} ${branch}`).values()) {
      for (const [one, content] of await readBranch(gitlab, members)) {
        found.set(one, { state: content === null ? null : { content }, owner: ownerOfFile(one.branch, one.path) });
      }
    }
    return ids.map((one) => found.get(one) ?? { state: null, owner: ownerOfFile(one.branch, one.path) });
  },

  async write(clients, writes) {
    const gitlab = await clients.gitlab();
    const [first] = writes;
    if (first === undefined) return;
    const { project, branch } = first.id;
    const limit = pLimit(8);
    const actions = await Promise.all(writes.map((write) => limit(() => actionFor(gitlab, write))));
    const title = `Recovery: ${writes.length} ${writes.length === 1 ? 'file' : 'files'} in ${commonFolder(writes.map((write) => write.id.path))}`;
    await gitlab.commit(project, branch, commitMessage(title, branch), actions);
  },
});

/** A file on a branch. Contents that a plan names are told to the client, so that equal blobs need no fetch. */
export const gitlabFile: typeof driver = {
  ...driver,
  async plan(clients, resources) {
    const gitlab = await clients.gitlab();
    for (const { desired } of resources) know(gitlab, desired);
    return driver.plan(clients, resources);
  },
  async look(clients, changes) {
    const gitlab = await clients.gitlab();
    for (const { before, after } of changes) {
      know(gitlab, before);
      know(gitlab, after);
    }
    return driver.look(clients, changes);
  },
};

function know(gitlab: GitLab, value: Json): void {
  const parsed = state.safeParse(value);
  if (parsed.success) gitlab.knowContent(parsed.data.content);
}

/** One tree for all files of a branch; blobs only where their content isn't known. */
async function readBranch(gitlab: GitLab, ids: readonly Id[]): Promise<Map<Id, string | null>> {
  const [first] = ids;
  if (first === undefined) return new Map();
  const { project, branch, base } = first;
  const ref = (await gitlab.branch(project, branch)) === null ? base : branch;
  const entries = (await gitlab.tree(project, ref, commonFolder(ids.map(({ path }) => path)))) ?? [];
  const blobs = new Map(entries.filter(({ type }) => type === 'blob').map((entry) => [entry.path, entry.id]));
  const limit = pLimit(8);
  const contents = await Promise.all(
    ids.map((one) => {
      const blob = blobs.get(one.path);
      return limit(async (): Promise<[Id, string | null]> => [one, blob === undefined ? null : await gitlab.blob(project, blob)]);
    }),
  );
  return new Map(contents);
}

/** The commit that last changed the file guards the action; its content must still be the one that was planned from. */
async function actionFor(gitlab: GitLab, { id: { project, branch, path }, before, after }: Write<Id, State>): Promise<CommitAction> {
  if (before === null && after !== null) return { action: 'create', path, content: after.content };
  const file = await gitlab.file(project, branch, path);
  if (file === null || before === null || gitBlobId(before.content, file.blobId) !== file.blobId) {
    throw new EksDrError('conflict', { message: `${path} on ${branch} was changed just now.`, target: path });
  }
  const { lastCommitId } = file;
  return after === null ? { action: 'delete', path, lastCommitId } : { action: 'update', path, content: after.content, lastCommitId };
}

/** The deepest folder that holds all paths; empty for the root. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  const depth = first.findIndex((folder, index) => others.some((other) => other[index] !== folder));
  return (depth === -1 ? first : first.slice(0, depth)).join('/');
}
