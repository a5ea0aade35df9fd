import { accessLevel } from '../clients/gitlab-access-level.ts';
import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The user of the token may push branches, open merge requests and merge them into the target branch. */
export const gitlabAccess: Check = {
  id: 'gitlab-access',
  title: 'The GitLab token may do what a recovery does',
  run({ estate, clients }) {
    const { project, targetBranch, url } = estate.gitlab;
    return findings(`${url} ${project}`, async () => {
      const gitlab = await clients.gitlab();
      const me = await gitlab.me();
      const [level, branch] = await Promise.all([gitlab.accessOf(project, me.id), gitlab.branch(project, targetBranch)]);
      const evidence = `${me.username} has access level ${level} in ${project}`;
      if (level < accessLevel.developer) {
        const remedy = `Make ${me.username} at least Developer in ${project}.`;
        return [{ severity: 'blocker', message: `${me.username} may not push branches to ${project}.`, evidence, remedy }];
      }
      const mayMerge =
        branch?.protected !== true || level >= accessLevel.maintainer || branch.developers_can_merge === true || branch.can_push === true;
      if (mayMerge) return [];
      const remedy = `Let ${me.username} merge into ${targetBranch}: as Maintainer, or by the rules of the protected branch.`;
      return [
        {
          severity: 'blocker',
          message: `${me.username} may not merge into ${targetBranch} of ${project}.`,
          evidence: `${evidence}; the branch is protected`,
          remedy,
        } satisfies Finding,
      ];
    });
  },
};
