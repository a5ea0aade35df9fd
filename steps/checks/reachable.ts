import type { Clients } from '../clients/clients.ts';
import { answerWithin } from '../inventory/answer.ts';
import type { EksDrError } from '../kit/errors.ts';
import type { Run } from '../kit/run.ts';
import type { Finding, Surroundings } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { blockerFrom } from './from-error.ts';

type Seen = Pick<Surroundings<Clients>, 'clients' | 'signal'>;

export const argocdReachable: Check = {
  id: 'argocd-reachable',
  title: 'Argo CD answers, and knows our token',
  run: ({ estate, clients, signal }) =>
    mustAnswer(
      'Argo CD',
      `${estate.argocd.url} /api/v1/session/userinfo`,
      estate.inventory.answerSeconds,
      { clients, signal },
      async () => {
        const { loggedIn } = await (await clients.argocd()).userInfo();
        if (loggedIn) return [];
        const remedy = 'Set ARGOCD_AUTH_TOKEN to a valid API token.';
        return [
          { severity: 'blocker', message: 'Argo CD does not know the token in ARGOCD_AUTH_TOKEN.', evidence: estate.argocd.url, remedy },
        ];
      },
    ),
};

export const gitlabReachable: Check = {
  id: 'gitlab-reachable',
  title: 'GitLab answers, and shows our project',
  run: ({ estate, clients, signal }) =>
    mustAnswer('GitLab', `${estate.gitlab.url} ${estate.gitlab.project}`, estate.inventory.answerSeconds, { clients, signal }, async () => {
      const project = await (await clients.gitlab()).project(estate.gitlab.project);
      if (project !== null) return [];
      const remedy = 'Correct gitlab.project in the estate, or give the user of GITLAB_TOKEN access to it.';
      return [
        {
          severity: 'blocker',
          message: `GitLab shows no project ${estate.gitlab.project} to this token.`,
          evidence: estate.gitlab.url,
          remedy,
        },
      ];
    }),
};

/** On the night the primary may be gone: that is worth a note, no more. */
export const primaryReachable: Check = {
  id: 'primary-reachable',
  title: 'The primary cluster answers',
  async run({ estate, run, clients, signal }) {
    const { region, cluster } = estate.primary;
    const answer = await answerWithin(estate.inventory.answerSeconds, `The primary cluster ${cluster}`, signal, async () =>
      (await clients.kubernetes({ region, cluster })).get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }),
    );
    return answer.ok ? [] : [unreachablePrimary(cluster, run.mode, answer.error)];
  },
};

function unreachablePrimary(cluster: string, mode: Run['mode'], error: EksDrError): Finding {
  return {
    severity: mode === 'recover' ? 'note' : 'warning',
    message: `The primary cluster ${cluster} does not answer: its part of the inventory comes from the archive.`,
    evidence: error.message,
    remedy: mode === 'recover' ? 'Nothing, if it is lost.' : error.remedy,
  };
}

async function mustAnswer(
  name: string,
  evidence: string,
  seconds: number,
  { signal }: Seen,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const answer = await answerWithin(seconds, name, signal, look);
  return answer.ok ? answer.value : [blockerFrom(answer.error, evidence)];
}
