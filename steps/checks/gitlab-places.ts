import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The places in GitLab that the estate names exist: target branch, folder of the templates, reviewers; and the recovery's folder is its own. */
export const gitlabPlaces: Check = {
  id: 'gitlab-places',
  title: 'Branch, folders and reviewers of the estate exist in GitLab',
  run({ estate, clients }) {
    const { project, targetBranch, templates, folder, reviewers, url } = estate.gitlab;
    const evidence = `${url} ${project}`;
    return findings(evidence, async () => {
      const gitlab = await clients.gitlab();
      const [branch, tree, users] = await Promise.all([
        gitlab.branch(project, targetBranch),
        gitlab.tree(project, targetBranch, templates),
        Promise.all(reviewers.map(async (name) => ({ name, user: await gitlab.user(name) }))),
      ]);
      const unknown = users.filter(({ user }) => user === null).map(({ name }) => name);
      const blocker = (message: string, remedy: string): Finding => ({ severity: 'blocker', message, evidence, remedy });
      const found: Finding[] = [];
      if (branch === null) found.push(blocker(`${project} has no branch ${targetBranch}.`, 'Correct gitlab.targetBranch in the estate.'));
      else if (tree === null || tree.length === 0)
        found.push(blocker(`${project} has no folder ${templates}.`, 'Correct gitlab.templates in the estate.'));
      if (unknown.length > 0) found.push(blocker(`GitLab knows no user ${unknown.join(', ')}.`, 'Correct gitlab.reviewers in the estate.'));
      // The run's id ends the cluster's name: only then can a folder be told to be a run's own.
      if (!folder.split('/').some((part) => part.endsWith('${cluster}'))) {
        found.push(
          blocker(
            `gitlab.folder (${folder}) has no part that ends in \${cluster}.`,
            'Let a part of gitlab.folder end in ${cluster}, such as clusters/${cluster}.',
          ),
        );
      }
      if (`${folder}/`.startsWith(`${templates.replace(/\/+$/, '')}/`)) {
        found.push(
          blocker(
            `gitlab.folder (${folder}) lies in the folder of the templates: the primary would deploy it too.`,
            'Move gitlab.folder out of gitlab.templates.',
          ),
        );
      }
      return found;
    });
  },
};
