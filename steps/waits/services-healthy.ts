import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { type ServiceHealth, serviceHealth } from '../health/service-health.ts';
import { tellCauses } from '../health/tell-causes.ts';
import { policyMet, tierResults } from '../health/tier-policy.ts';
import { brief } from '../kit/text.ts';
import { defineWait, type WaitMemory } from '../kit/wait.ts';
import { deployedSelector } from '../naming.ts';
import { clusterArgs } from './cluster-args.ts';

const service = z.strictObject({ name: z.string(), application: z.string(), namespace: z.string(), tier: z.string() });

export const servicesArgs = z.strictObject({
  run: z.string(),
  cluster: clusterArgs,
  services: z.array(service),
  waived: z.array(z.string()),
  tiers: z.array(z.strictObject({ name: z.string(), require: z.string() })),
  settleSeconds: z.number(),
  enoughSeconds: z.number(),
});

/** From when on the causes are told while services are unhealthy, and how often: before, most of them are just starting. */
const TELL = { afterSeconds: 120, everySeconds: 60 };

// Beside the names of applications, which hold no space.
const TOLD = 'causes told';
const OVER = 'nothing more to come';

/**
 * The services are healthy as far as the tier policy asks, and none is still on its way. Two more ends: its limit, and that for the settle time
 * nothing has been left but services that only a change can mend. Which services are unhealthy then, and whether that is acceptable, is for
 * the step to say: it knows all causes. A look is one request to Argo CD; two more to the cluster where the causes are due.
 */
export const servicesHealthy = defineWait({
  wait: 'services-healthy',
  args: servicesArgs,
  title: ({ services }) => `Watching ${services.length} services until they are healthy`,
  expectedSeconds: 300,
  limitSeconds: 1200,
  everySeconds: 5,

  async look(clients: Pick<Clients, 'argocd' | 'kubernetes' | 'log'>, args, waitedSeconds, memory) {
    const { run, cluster, services, waived, tiers, settleSeconds, enoughSeconds } = args;
    if (waitedSeconds >= enoughSeconds) return { done: true };
    const listed = await (await clients.argocd()).listApplications({ selector: deployedSelector(run) });
    const applications = new Map(listed.map((application) => [application.metadata.name, application]));
    const settling = { settleSeconds, waitedSeconds, memory };
    const looked = services.map((one) => {
      const health = serviceHealth(applications.get(one.application));
      const isSettled = held(one.application, health.status === 'healthy', settling);
      return { ...one, health: health.status === 'healthy' && !isSettled ? settlingStill : health };
    });
    const counted = looked.map(({ name, tier, health }) => ({ name, tier, status: statusOf(health, waived.includes(name)) }));
    const awaited = looked.filter(({ name }) => !waived.includes(name));
    const isOver = awaited.every(({ health }) => health.status === 'healthy' || (health.status === 'failed' && health.forGood));
    if (awaited.every(({ health }) => health.status !== 'progressing') && policyMet(tierResults(counted, tiers))) return { done: true };
    if (held(OVER, isOver, settling)) return { done: true };
    if (waitedSeconds >= (memory.get(TOLD) ?? TELL.afterSeconds - TELL.everySeconds) + TELL.everySeconds) {
      memory.set(TOLD, waitedSeconds);
      await tellCauses(clients, cluster, services, applications);
    }
    return { done: false, reason: summary(looked, tiers) };
  },
});

interface Settling {
  readonly settleSeconds: number;
  readonly waitedSeconds: number;
  readonly memory: WaitMemory;
}

const settlingStill: ServiceHealth = { status: 'progressing', reason: 'settling' };

/** Whether something has been so for the settle time, as seen from look to look. */
function held(what: string, isSo: boolean, { settleSeconds, waitedSeconds, memory }: Settling): boolean {
  if (!isSo) {
    memory.delete(what);
    return false;
  }
  const since = memory.get(what) ?? waitedSeconds;
  memory.set(what, since);
  return waitedSeconds - since >= settleSeconds;
}

function statusOf({ status }: ServiceHealth, waived: boolean): 'healthy' | 'unhealthy' | 'waived' {
  if (status === 'healthy') return 'healthy';
  return waived ? 'waived' : 'unhealthy';
}

/** One line for the screen: how many stand where, tier by tier where there are several, and the first few that failed. */
function summary(
  services: readonly { readonly name: string; readonly tier: string; readonly health: ServiceHealth }[],
  tiers: readonly { readonly name: string }[],
): string {
  const count = (status: ServiceHealth['status'], among = services): number =>
    among.filter(({ health }) => health.status === status).length;
  const failed = services.flatMap(({ name, health }) => (health.status === 'failed' ? [`${name} (${brief(health.reason, 80)})`] : []));
  const names = failed.length === 0 ? '' : `: ${failed.slice(0, 5).join(', ')}${failed.length > 5 ? ` and ${failed.length - 5} more` : ''}`;
  const each = tiers.flatMap(({ name }) => {
    const members = services.filter(({ tier }) => tier === name);
    return members.length === 0 ? [] : [`${name} ${count('healthy', members)} of ${members.length}`];
  });
  const byTier = each.length < 2 ? '' : ` (${each.join(', ')})`;
  return `${count('healthy')} of ${services.length} healthy${byTier}, ${count('progressing')} on their way, ${count('failed')} failed${names}`;
}
