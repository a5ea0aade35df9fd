import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { type ServiceHealth, serviceHealth } from '../health/service-health.ts';
import { policyMet, tierResults } from '../health/tier-policy.ts';
import { brief } from '../kit/text.ts';
import { defineWait, type WaitMemory } from '../kit/wait.ts';
import { deployedSelector } from '../naming.ts';

const service = z.strictObject({ name: z.string(), application: z.string(), tier: z.string() });

/**
 * The services are healthy as far as the tier policy asks, and none is still on its way. At its limit this wait is done too: which services
 * are unhealthy then, and whether that is acceptable, is for the step to say.
 */
export const servicesHealthy = defineWait({
  wait: 'services-healthy',
  args: z.strictObject({
    run: z.string(),
    services: z.array(service),
    waived: z.array(z.string()),
    tiers: z.array(z.strictObject({ name: z.string(), require: z.string() })),
    settleSeconds: z.number(),
    enoughSeconds: z.number(),
  }),
  title: ({ services }) => `Watching ${services.length} services until they are healthy`,
  expectedSeconds: 300,
  limitSeconds: 1200,
  everySeconds: 5,

  async look(clients: Pick<Clients, 'argocd'>, { run, services, waived, tiers, settleSeconds, enoughSeconds }, waitedSeconds, memory) {
    if (waitedSeconds >= enoughSeconds) return { done: true };
    const listed = await (await clients.argocd()).listApplications({ selector: deployedSelector(run) });
    const applications = new Map(listed.map((application) => [application.metadata.name, application]));
    const looked = services.map((one) => ({
      ...one,
      health: settled(serviceHealth(applications.get(one.application)), one.application, { settleSeconds, waitedSeconds, memory }),
    }));
    const counted = looked.map(({ name, tier, health }) => ({ name, tier, status: statusOf(health, waived.includes(name)) }));
    const moving = looked.filter(({ name, health }) => health.status === 'progressing' && !waived.includes(name));
    if (moving.length === 0 && policyMet(tierResults(counted, tiers))) return { done: true };
    return { done: false, reason: summary(looked.map(({ name, health }) => ({ name, health }))) };
  },
});

/** Healthy only once it has been so for the settle time, as seen from look to look. */
function settled(
  health: ServiceHealth,
  application: string,
  { settleSeconds, waitedSeconds, memory }: { settleSeconds: number; waitedSeconds: number; memory: WaitMemory },
): ServiceHealth {
  if (health.status !== 'healthy') {
    memory.delete(application);
    return health;
  }
  const since = memory.get(application) ?? waitedSeconds;
  memory.set(application, since);
  return waitedSeconds - since >= settleSeconds ? health : { status: 'progressing', reason: 'settling' };
}

function statusOf({ status }: ServiceHealth, waived: boolean): 'healthy' | 'unhealthy' | 'waived' {
  if (status === 'healthy') return 'healthy';
  return waived ? 'waived' : 'unhealthy';
}

/** One line for the screen: how many stand where, and the first few that failed. */
function summary(services: readonly { name: string; health: ServiceHealth }[]): string {
  const count = (status: ServiceHealth['status']): number => services.filter(({ health }) => health.status === status).length;
  const failed = services.flatMap(({ name, health }) => (health.status === 'failed' ? [`${name} (${brief(health.reason, 80)})`] : []));
  const names = failed.length === 0 ? '' : `: ${failed.slice(0, 5).join(', ')}${failed.length > 5 ? ` and ${failed.length - 5} more` : ''}`;
  return `${count('healthy')} of ${services.length} healthy, ${count('progressing')} on their way, ${count('failed')} failed${names}`;
}
