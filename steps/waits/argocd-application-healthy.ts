import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { serviceHealth } from '../health/service-health.ts';
import { defineWait } from '../kit/wait.ts';

// A failed sync is tried again by Argo CD; what failed in between may be cured by then.
const FAILED_FOR_GOOD_SECONDS = 300;

/** One Argo CD application is synced and healthy. */
export const argocdApplicationHealthy = defineWait({
  wait: 'argocd-application-healthy',
  args: z.strictObject({ application: z.string() }),
  title: ({ application }) => `Argo CD shows ${application} synced and healthy`,
  expectedSeconds: 60,
  limitSeconds: 600,
  everySeconds: 3,

  async look(clients: Pick<Clients, 'argocd'>, { application: name }, waitedSeconds, memory) {
    const [application] = await (await clients.argocd()).listApplications({ name });
    const health = serviceHealth(application);
    if (health.status === 'healthy') return { done: true };
    if (health.status === 'progressing') {
      memory.delete('failed');
      return { done: false, reason: health.reason };
    }
    const since = memory.get('failed') ?? waitedSeconds;
    memory.set('failed', since);
    return { done: false, reason: health.reason, failed: waitedSeconds - since >= FAILED_FOR_GOOD_SECONDS };
  },
});
