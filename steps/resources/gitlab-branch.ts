import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, eachId, single } from '../kit/driver.ts';
import { ownerOfBranch } from './gitlab-owner.ts';

const id = z.strictObject({
  project: z.string().min(1),
  branch: z.string().min(1),
  /** The branch it will be merged into. */
  target: z.string().min(1),
});

const state = z.strictObject({
  /** The commit of the target branch at which the branch starts. */
  from: z.string().min(1),
});

type C = Pick<Clients, 'gitlab'>;

/** A branch, known by the commit at which it leaves its target branch: what is committed to it later is not its own business. */
export const gitlabBranch = defineDriver<z.infer<typeof id>, z.infer<typeof state>, C>({
  kind: 'gitlab.branch',
  noun: 'branch',
  compareAndSwap: { cas: 'no', window: 'the moment between reading and deleting; creating is refused when the branch exists' },
  permissions: { read: ['gitlab: Reporter'], write: ['gitlab: Developer'] },
  concurrency: 1,
  id,
  state,
  label: ({ project, branch }) => `${branch} of ${project}`,

  read: eachId(async (clients: C, { project, branch, target }) => {
    const gitlab = await clients.gitlab();
    const owner = ownerOfBranch(branch);
    const found = await gitlab.branch(project, branch);
    if (found === null) return { state: null, owner };
    const from = (await gitlab.mergeBase(project, [target, branch])) ?? found.commit.id;
    return { state: { from }, owner, version: found.commit.id };
  }),

  write: single(async (clients, { id: { project, branch }, after }) => {
    const gitlab = await clients.gitlab();
    await (after === null ? gitlab.deleteBranch(project, branch) : gitlab.createBranch(project, branch, after.from));
  }),
});
