import type * as z from 'zod';
import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';
import type { servicesArgs } from '../waits/services-healthy.ts';

interface Watched {
  readonly estate: Pick<Estate, 'services'>;
  readonly run: Pick<Run, 'id' | 'waivers'>;
  readonly cluster: { readonly region: string; readonly cluster: string };
  readonly services: readonly {
    readonly name: string;
    readonly application: string;
    readonly namespace: string;
    readonly tier: string;
  }[];
}

// What a look may take beyond the limit before the engine calls the wait itself timed out.
const LOOK_SECONDS = 120;

/** What a wait for services to be healthy is told, and how long it may take. */
export function watchedServices({ estate, run, cluster: { region, cluster }, services }: Watched) {
  const { tiers, settleSeconds, limitMinutes } = estate.services;
  const enoughSeconds = limitMinutes * 60;
  const args: z.infer<typeof servicesArgs> = {
    run: run.id,
    cluster: { region, cluster },
    services: services.map(({ name, application, namespace, tier }) => ({ name, application, namespace, tier })),
    waived: run.waivers.map(({ service }) => service),
    tiers: tiers.map(({ name, require }) => ({ name, require })),
    settleSeconds,
    enoughSeconds,
  };
  return { args, limits: { expectedSeconds: Math.min(300, enoughSeconds), limitSeconds: enoughSeconds + LOOK_SECONDS } };
}
