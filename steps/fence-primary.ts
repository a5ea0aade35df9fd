import * as z from 'zod';
import { fencedWorkloads } from './checks/fenced-workloads.ts';
import type { ArgoApplication } from './clients/argocd.ts';
import type { Clients } from './clients/clients.ts';
import type { Estate } from './estate/estate.ts';
import { lookAtPrimary, type PrimaryLook } from './fence/look-at-primary.ts';
import { generated, primaryApplications } from './fence/primary-applications.ts';
import type { Found } from './fence/workloads.ts';
import type { Clock } from './kit/clock.ts';
import { EksDrError } from './kit/errors.ts';
import type { Resource } from './kit/resource.ts';
import { preflight } from './preflight.ts';
import { argocdReconciliation, HELD } from './resources/argocd-reconciliation.ts';
import { kubernetesScale } from './resources/kubernetes-scale.ts';
import { kubernetesSuspended } from './resources/kubernetes-suspended.ts';
import { defineStep } from './step.ts';

const LOOK_EVERY_SECONDS = 5;

/**
 * Stops on the primary what must not work twice. The undo brings back what was there, with its former counts, and only then lets Argo CD
 * look after it again.
 */
export const fencePrimary = defineStep({
  id: 'fence-primary',
  title: 'Stop on the primary what must not work twice',
  needs: {},
  after: [preflight],
  reads: ['primary', 'argocd', 'fence'],
  outputs: z.object({
    /** `unreachable` and `gone` are results like any other; `not-asked`: the estate asks for no fence. */
    primary: z.enum(['fenced', 'unreachable', 'gone', 'not-asked']),
    /** Why the primary could not be fenced. */
    reason: z.string().nullable(),
    /** The applications that Argo CD leaves as they are. */
    held: z.array(z.string()),
    /** `Deployment order/order-worker`. */
    stopped: z.array(z.string()),
    /** What the estate names and the primary does not have. */
    missing: z.array(z.string()),
    /** Pods of what was stopped that had not ended in time. */
    podsLeft: z.number(),
  }),
  modes: ['recover'],
  drivers: [argocdReconciliation, kubernetesScale, kubernetesSuspended],
  waits: [],
  checks: [fencedWorkloads],

  async describe({ estate, clients, log, signal }) {
    if (!estate.fence.enabled) return [];
    const [applications, look] = await Promise.all([toHold(clients, estate), lookAtPrimary(estate, { clients, signal })]);
    for (const name of generated(applications)) {
      log.warn(
        `An ApplicationSet makes ${name}, and lets it go again -> Name the annotation argocd.argoproj.io/skip-reconcile under preservedFields of the ApplicationSet.`,
      );
    }
    if (!look.answers) log.warn(`The primary can't be fenced: ${look.reason} It may work on what the recovered services work on.`);
    else for (const missing of look.missing) log.warn(`The primary has no ${missing}, which the estate wants stopped.`);
    const { region, cluster } = estate.primary;
    return [
      // First: Argo CD would scale up again what it heals.
      applications.map(({ metadata }) => argocdReconciliation.resource({ application: metadata.name }, HELD)),
      look.answers ? look.found.map((workload) => stopped(workload, { region, cluster })) : [],
    ];
  },

  async finish({ estate, clients, clock, log, signal }) {
    const nothing = { reason: null, held: [], stopped: [], missing: [], podsLeft: 0 };
    if (!estate.fence.enabled) return { primary: 'not-asked' as const, ...nothing };
    const held = (await toHold(clients, estate)).map(({ metadata }) => metadata.name);
    const look = await untilStopped({ estate, clients, clock, signal });
    if (!look.answers) {
      log.warn(`The primary was not fenced: ${look.reason}`);
      return { primary: look.gone ? ('gone' as const) : ('unreachable' as const), ...nothing, reason: look.reason, held };
    }
    await refuseRunning(clients, estate, look.found);
    const podsLeft = podsOf(look);
    if (podsLeft > 0) log.warn(`${podsLeft} pods of what was stopped on the primary have not ended yet; they may still work.`);
    return { primary: 'fenced' as const, ...nothing, held, stopped: look.found.map(nameOf), missing: [...look.missing], podsLeft };
  },
});

async function toHold(clients: Pick<Clients, 'argocd'>, estate: Pick<Estate, 'primary' | 'fence'>): Promise<ArgoApplication[]> {
  return estate.fence.holdReconciliation ? primaryApplications(await clients.argocd(), estate) : [];
}

function stopped({ kind, namespace, name }: Found, cluster: { readonly region: string; readonly cluster: string }): Resource {
  return kind === 'CronJob' || kind === 'Job'
    ? kubernetesSuspended.resource({ ...cluster, kind, namespace, name }, { suspended: true })
    : kubernetesScale.resource({ ...cluster, kind, namespace, name }, { replicas: 0 });
}

/** Nobody waits for pods for long: those on a node that is lost never end. */
async function untilStopped(of: {
  readonly estate: Pick<Estate, 'primary' | 'fence'>;
  readonly clients: Pick<Clients, 'kubernetes'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<PrimaryLook> {
  const { estate, clients, clock, signal } = of;
  const deadline = clock.now() + estate.fence.stopSeconds * 1000;
  for (;;) {
    const look = await lookAtPrimary(estate, { clients, signal });
    if (!look.answers || podsOf(look) === 0 || clock.now() >= deadline) return look;
    await clock.sleep(LOOK_EVERY_SECONDS, signal);
  }
}

/** A primary that answers again after the plan was made, or that started another Job since, is not fenced. */
async function refuseRunning(
  clients: Pick<Clients, 'kubernetes'>,
  { primary: { region, cluster } }: Pick<Estate, 'primary'>,
  found: readonly Found[],
): Promise<void> {
  const planned = await Promise.all(
    [kubernetesScale, kubernetesSuspended].map((driver) =>
      driver.plan(
        clients,
        found.map((workload) => stopped(workload, { region, cluster })).filter(({ kind }) => kind === driver.kind),
      ),
    ),
  );
  const running = planned.flat().filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after)).length;
  if (running === 0) return;
  throw new EksDrError('unhealthy', {
    message: `The primary answers, and ${running} of the workloads that the estate wants stopped run there: they came after this plan was made.`,
    target: cluster,
    remedy: 'Run this step again: it plans what runs now.',
  });
}

function podsOf(look: PrimaryLook): number {
  return look.answers ? look.found.reduce((sum, { pods }) => sum + pods, 0) : 0;
}

function nameOf({ kind, namespace, name }: Found): string {
  return `${kind} ${namespace}/${name}`;
}
