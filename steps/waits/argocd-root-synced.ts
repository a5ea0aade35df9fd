import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { GitLab } from '../clients/gitlab.ts';
import { defineWait } from '../kit/wait.ts';
import { mergedCommit } from '../resources/gitlab-requests.ts';

// Argo CD looks at Git every two to three minutes by itself.
const REFRESH_EVERY_SECONDS = 30;

/** The root application is synced to the merge, or to something newer that contains it. Asks Argo CD to look at Git where it hasn't yet. */
export const argocdRootSynced = defineWait({
  wait: 'argocd-root-synced',
  args: z.strictObject({ application: z.string(), project: z.string(), source: z.string(), target: z.string() }),
  title: ({ application }) => `Argo CD has synced ${application} to the merge`,
  expectedSeconds: 30,
  limitSeconds: 600,
  everySeconds: 5,

  async look(clients: Pick<Clients, 'argocd' | 'gitlab'>, { application: name, project, source, target }, waitedSeconds, memory) {
    const [argocd, gitlab] = await Promise.all([clients.argocd(), clients.gitlab()]);
    const commit = await mergedCommit(gitlab, project, source, target);
    if (commit === null) return { done: false, reason: 'the merge request is not merged' };
    const [application] = await argocd.listApplications({ name });
    if (application === undefined) return { done: false, reason: 'Argo CD does not show the application yet' };
    const { status, operation } = application;
    const broken = status?.conditions?.find(({ type }) => type.endsWith('Error'));
    const synced = status?.operationState?.syncResult?.revision ?? status?.sync?.revision ?? null;
    const phase = status?.operationState?.phase ?? '';
    if (broken === undefined && synced !== null && (await contains(gitlab, project, synced, commit))) {
      if (operation !== undefined && operation !== null) return { done: false, reason: 'a sync is under way' };
      if (phase === 'Failed' || phase === 'Error')
        return { done: false, reason: `the sync failed: ${status?.operationState?.message ?? 'no message'}` };
      if (status?.sync?.status === 'Synced' && (phase === 'Succeeded' || phase === '')) return { done: true };
    } else if (waitedSeconds - (memory.get('refreshed') ?? -REFRESH_EVERY_SECONDS) >= REFRESH_EVERY_SECONDS) {
      memory.set('refreshed', waitedSeconds);
      await argocd.refreshApplication(name);
    }
    const found = synced === null || synced === '' ? 'nothing yet' : synced.slice(0, 8);
    return {
      done: false,
      reason:
        broken === undefined
          ? `synced to ${found}, ${status?.sync?.status ?? 'not compared'}, waiting for ${commit.slice(0, 8)}`
          : `${broken.type}: ${broken.message}`,
    };
  },
});

async function contains(gitlab: GitLab, project: string, revision: string, commit: string): Promise<boolean> {
  return revision === commit || (await gitlab.mergeBase(project, [revision, commit])) === commit;
}
