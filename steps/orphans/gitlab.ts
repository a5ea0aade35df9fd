import { recoveryBranch, recoveryFolder } from '../naming.ts';
import type { Orphan, Search } from './search.ts';

/** No undo of one run takes more turns than this. */
const MOST_UNDOS = 9;

export const gitlabSearch: Search = {
  system: 'GitLab',
  async search({ run, estate, clients, cluster }) {
    const gitlab = await clients.gitlab();
    const { project, targetBranch } = estate.gitlab;
    const where = `${gitlab.url}/${project}`;
    const own = recoveryBranch(run);
    const undos = Array.from({ length: MOST_UNDOS }, (_, index) => `${own}.undo${index === 0 ? '' : `-${index + 1}`}`);
    const perBranch = await Promise.all(
      [own, ...undos].map(async (name): Promise<Orphan[]> => {
        const [branch, requests] = await Promise.all([gitlab.branch(project, name), gitlab.mergeRequests(project, name, targetBranch)]);
        return [
          ...(branch === null ? [] : [{ what: `branch ${name}`, where, remove: `git push origin --delete ${name}` }]),
          ...requests
            .filter(({ state }) => state === 'opened')
            .map(({ web_url: url }) => ({ what: `open merge request ${url}`, where, remove: 'close it' })),
        ];
      }),
    );
    const folder = recoveryFolder(estate.gitlab, cluster.cluster);
    const files = ((await gitlab.tree(project, targetBranch, folder)) ?? []).filter(({ type }) => type === 'blob');
    const left =
      files.length === 0 ? [] : [{ what: `${files.length} files in ${folder} on ${targetBranch}`, where, remove: `git rm -r ${folder}` }];
    return [...perBranch.flat(), ...left];
  },
};
