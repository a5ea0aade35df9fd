import type { GitLab } from '../../../../steps/clients/gitlab.ts';
import { recoveryBranch } from '../../../../steps/naming.ts';
import { gitlabBranch } from '../../../../steps/resources/gitlab-branch.ts';
import { gitlabFile } from '../../../../steps/resources/gitlab-file.ts';
import { gitlabMerge, OWN_COMMITS } from '../../../../steps/resources/gitlab-merge.ts';
import { gitlabMergeRequest } from '../../../../steps/resources/gitlab-merge-request.ts';
import { commitMessage } from '../../../../steps/resources/gitlab-owner.ts';
import { eventually } from '../../eventually.ts';
import type { LawWorld } from '../world.ts';
import type { LawCase } from './case.ts';

interface Branch {
  readonly gitlab: GitLab;
  readonly project: string;
  readonly branch: string;
  readonly head: string;
}

/** The name of a branch of the run's own, and where `main` is. */
async function place({ clients, gitlab: { project }, run }: LawWorld, suffix: string): Promise<Branch> {
  const gitlab = await clients.gitlab();
  const head = (await gitlab.branch(project, 'main'))?.commit.id ?? '';
  return { gitlab, project, branch: `${recoveryBranch({ id: run })}.${suffix}`, head };
}

/** The same with the branch made, and a file of the run's own on it. */
async function committed(world: LawWorld, suffix: string): Promise<Branch & { readonly sha: string }> {
  const at = await place(world, suffix);
  const { gitlab, project, branch, head } = at;
  await gitlab.createBranch(project, branch, head);
  const path = `recovery/shop-${world.run}/${suffix}.yaml`;
  const { id: sha } = await gitlab.commit(project, branch, commitMessage('A file', branch), [
    { action: 'create', path, content: 'a: 1\n' },
  ]);
  return { ...at, sha };
}

const branches: LawCase = {
  driver: gitlabBranch,
  referees: [],
  async arrange(world) {
    const { project, branch, head } = await place(world, 'branch');
    return [{ id: { project, branch, target: 'main' }, states: [{ desired: { from: head } }] }];
  },
};

const files: LawCase = {
  driver: gitlabFile,
  referees: [],
  async arrange(world) {
    const { project, branch, head } = await committed(world, 'file');
    const id = (name: string) => ({ project, branch, base: head, path: `recovery/shop-${world.run}/${name}` });
    return [
      { id: id('plain.yaml'), states: ['a: 1\n', 'a: 2\n', ''].map((content) => ({ desired: { content } })) },
      { id: id('deeper/odd names.yaml'), states: [{ desired: { content: 'é: "ü"\r\n# \u{1f642}\r\nno end' } }] },
    ];
  },
};

const mergeRequests: LawCase = {
  driver: gitlabMergeRequest,
  referees: [],
  async arrange(world) {
    const { project, branch } = await committed(world, 'request');
    const state = { status: 'opened', title: 'Drill', description: 'Words.', reviewers: [world.gitlab.reviewer] };
    return [
      {
        id: { project, source: branch, target: 'main' },
        states: [
          { desired: state, spellings: [{ ...state, description: 'Words.\n\n' }] },
          { desired: { ...state, title: 'Drill again', description: 'Other\nwords.' } },
          { desired: { ...state, reviewers: [] } },
        ],
      },
    ];
  },
};

const merges: LawCase = {
  driver: gitlabMerge,
  referees: [],
  async arrange(world) {
    const reviewed = await mergeable(world, 'merge');
    const own = await mergeable(world, 'own');
    const id = ({ project, branch }: Branch, head: string) => ({ project, source: branch, target: 'main', head });
    const merged = (head: string) => [{ desired: { status: 'merged', head } }];
    return [
      { id: id(reviewed, reviewed.sha), states: merged(reviewed.sha), oneWay: 'conflict' },
      { id: id(own, OWN_COMMITS), states: merged(OWN_COMMITS), oneWay: 'conflict' },
    ];
  },
};

/** An open merge request that somebody has approved. */
async function mergeable(world: LawWorld, suffix: string): Promise<Branch & { readonly sha: string }> {
  const at = await committed(world, suffix);
  const { gitlab, project, branch } = at;
  await gitlab.createMergeRequest(project, branch, 'main', { title: 'Drill', description: '', reviewerIds: [] });
  await eventually(
    async () => (await gitlab.mergeRequests(project, branch, 'main'))[0]?.detailed_merge_status,
    (status) => status === 'mergeable',
  );
  return at;
}

export const gitlabCases: readonly LawCase[] = [branches, files, mergeRequests, merges];
