import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

const needed = [
  ['clusters', 'create', '*'],
  ['clusters', 'update', '*'],
  ['clusters', 'delete', '*'],
  ['projects', 'get', '*'],
] as const;

const neededInDrills = [
  ['projects', 'create', '*'],
  ['projects', 'update', '*'],
  ['projects', 'delete', '*'],
] as const;

/** The token may register clusters and open (or, in drills, make) AppProjects and applications. */
export const argocdAccess: Check = {
  id: 'argocd-access',
  title: 'The Argo CD token may do what a recovery does',
  run({ estate, run, clients }) {
    return findings(`${estate.argocd.url} /api/v1/account/can-i`, async () => {
      const argocd = await clients.argocd();
      const { loggedIn, username } = await argocd.userInfo();
      const projects = [estate.argocd.rootProject, ...(run.mode === 'recover' ? estate.argocd.projects : [])];
      const wanted: (readonly [string, string, string])[] = [
        ...needed,
        ...(run.mode === 'drill' ? neededInDrills : estate.argocd.projects.map((project) => ['projects', 'update', project] as const)),
        ...[...new Set(projects)].flatMap((project) =>
          ['get', 'create', 'update', 'delete'].map((action) => ['applications', action, `${project}/*`] as const),
        ),
      ];
      const answers = await Promise.all(wanted.map(async (one) => ({ one, may: await argocd.canI(...one) })));
      const refused = answers.filter(({ may }) => !may).map(({ one }) => one.join(' '));
      if (refused.length === 0) return [];
      return [
        {
          severity: 'blocker',
          message: `The Argo CD account ${username === '' ? '(unknown)' : username} may not: ${refused.join('; ')}.`,
          evidence: `${argocd.url} account/can-i, ${loggedIn ? 'logged in' : 'not logged in'}`,
          remedy: 'Add these rules to the RBAC policy of Argo CD (argocd-rbac-cm) for the account of ARGOCD_AUTH_TOKEN.',
        },
      ];
    });
  },
};
