import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { judgeServices } from '../health/judge-services.ts';
import { knownCauses } from '../health/known-causes.ts';
import { asEksDrError, EksDrError } from '../kit/errors.ts';
import { defineWait } from '../kit/wait.ts';
import { deployedSelector } from '../naming.ts';
import { servicesArgs, servicesHealthy } from './services-healthy.ts';

/**
 * The services of a wave are healthy as far as their tiers require, so that the next one may start. They are watched as all services are in
 * the end; what differs is that too few of them end the step, with their causes, before anything is started that leans on them.
 */
export const waveHealthy = defineWait({
  wait: 'wave-healthy',
  args: z.strictObject({ wave: z.string(), watched: servicesArgs }),
  title: ({ wave, watched: { services } }) => `Watching the ${services.length} services of ${wave} before the next wave starts`,
  expectedSeconds: 180,
  limitSeconds: 1200,
  everySeconds: servicesHealthy.everySeconds,
  // Once everything is started no wave waits for another.
  only: 'changes',

  async look(clients: Pick<Clients, 'argocd' | 'kubernetes' | 'log'>, { wave, watched }, waitedSeconds, memory) {
    const progress = await servicesHealthy.look(clients, watched, waitedSeconds, memory);
    if (!progress.done) return progress;
    const { run, cluster, services, waived, tiers } = watched;
    const names = new Set(services.map(({ application }) => application));
    const listed = await (await clients.argocd()).listApplications({ selector: deployedSelector(run) });
    const applications = listed.filter(({ metadata }) => names.has(metadata.name));
    const causes = await knownCauses(clients, cluster, applications);
    try {
      judgeServices({ services, applications, causes, waived, tiers });
    } catch (thrown) {
      const { code, message, target } = asEksDrError(thrown);
      if (code !== 'unhealthy') throw thrown;
      const remedy =
        'Mend the named causes, or accept a service as it is with a waiver. Then run the step again: it goes on with this wave.';
      throw new EksDrError('unhealthy', {
        message: `The next wave was not started: of ${wave}, ${lowered(message)}`,
        target: target ?? undefined,
        remedy,
      });
    }
    return progress;
  },
});

function lowered(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
