import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { gitBlobId } from '../clients/git-blob.ts';
import type { CommitAction, GitLab } from '../clients/gitlab.ts';
import { defineDriver, type Observed, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import { groupBy } from '../kit/keys.ts';
import { commitMessage, ownerOfFile } from './gitlab-owner.ts';
import { type Seen, type Standing, standingFiles } from './gitlab-standing.ts';
import { textsAt } from './gitlab-texts.ts';
import { blobsAt, commonFolder } from './gitlab-tree.ts';

/**
 * More actions in one request have been reported to fail, and GitLab throttles requests of more than 20 MB (three in 30 s). Source: "Commits
 * and Files API" in its documentation of instance limits.
 */
const COMMIT = { actions: 100, characters: 5_000_000 };

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
  // One look for all of them; how many commits they make is told by `write`.
  batch: 10_000,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ path, branch }) => `${path} on ${branch}`,
  group: ({ project, branch }) => `${project} ${branch}`,

  async read(clients, ids) {
    const gitlab = await clients.gitlab();
    const found = new Map<Id, Observed<State>>();
    for (const members of groupBy(ids, ({ project, branch }) => `${project} ${branch}`).values()) {
      for (const [one, { content, ...seen }] of await readBranch(gitlab, members)) {
        found.set(one, { state: { content }, owner: ownerOfFile(one.branch, one.path), version: seen });
      }
    }
    return ids.map((one) => found.get(one) ?? { state: null, owner: ownerOfFile(one.branch, one.path) });
  },

  async write(clients, writes) {
    const gitlab = await clients.gitlab();
    const [first] = writes;
    if (first === undefined) return;
    const { project, branch } = first.id;
    const there = writes.filter(({ before }) => before !== null);
    const seen = new Map(there.map(({ id: { path }, observed }) => [path, observed.version as Seen | undefined]));
    const standing = await standingFiles(gitlab, first.id, seen);
    const actions = writes.map((write) => actionFor(write, standing.get(write.id.path)));
    for (const some of inCommits(actions)) {
      const files = `${some.length} ${some.length === 1 ? 'file' : 'files'}`;
      const title = `Recovery: ${files} in ${commonFolder(some.map(({ path }) => path))}`;
      await gitlab.commit(project, branch, commitMessage(title, branch), some);
    }
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

/** Those that exist. One tree for all files of a branch; contents only where they aren't known. */
async function readBranch(gitlab: GitLab, ids: readonly Id[]): Promise<Map<Id, Seen & State>> {
  const [first] = ids;
  if (first === undefined) return new Map();
  const { project, branch, base } = first;
  const head = (await gitlab.branch(project, branch))?.commit.id ?? base;
  const folder = commonFolder(ids.map(({ path }) => path));
  const blobs = await blobsAt(gitlab, project, head, folder);
  const files = ids.map((one) => ({ one, path: one.path, id: blobs.get(one.path) ?? '' })).filter(({ id }) => id !== '');
  const texts = await textsAt(gitlab, { project, commit: head, folder }, files);
  return new Map(files.map(({ one, path, id: blobId }) => [one, { head, blobId, content: texts.get(path) ?? '' }]));
}

function inCommits(actions: readonly CommitAction[]): CommitAction[][] {
  const commits: CommitAction[][] = [];
  let characters = 0;
  for (const action of actions) {
    const size = 'content' in action ? action.content.length : 0;
    const last = commits.at(-1);
    if (last === undefined || last.length >= COMMIT.actions || characters + size > COMMIT.characters) {
      commits.push([action]);
      characters = size;
    } else {
      last.push(action);
      characters += size;
    }
  }
  return commits;
}

/** The commit that last changed the file guards the action; its content must still be the one that was planned from. */
function actionFor({ id: { branch, path }, before, after }: Write<Id, State>, file: Standing | null | undefined): CommitAction {
  if (before === null && after !== null) return { action: 'create', path, content: after.content };
  if (file === null || file === undefined || before === null || gitBlobId(before.content, file.blobId) !== file.blobId) {
    throw new EksDrError('conflict', { message: `${path} on ${branch} was changed just now.`, target: path });
  }
  const { lastCommitId } = file;
  return after === null ? { action: 'delete', path, lastCommitId } : { action: 'update', path, content: after.content, lastCommitId };
}
