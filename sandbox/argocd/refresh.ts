import type { Sandbox } from '../system.ts';
import { type Application, type Condition, REFRESH_ANNOTATION, SKIP_RECONCILE_ANNOTATION, type Status } from './application.ts';
import { autoSync } from './auto-sync.ts';
import { findDestination } from './clusters.ts';
import { compare } from './compare.ts';
import { type Problem, specProblems } from './conditions.ts';
import { reach } from './reach.ts';
import type { ApplicationRecord } from './state.ts';
import { changed, spread, timestamp } from './store.ts';
import { type Target, targetOf } from './target.ts';

/** Argo CD compares by itself every two minutes, spread by up to one more. */
const POLL_MS = 120_000;
const JITTER_MS = 60_000;

/** Compares an application with Git and with its cluster, writes what was found to its status, and starts automated sync where that is wanted. */
export function refresh(sandbox: Sandbox, record: ApplicationRecord): void {
  const { app, controller } = record;
  const now = sandbox.clock.now();
  controller.refreshAt = now + POLL_MS + Math.round(JITTER_MS * spread(`${app.metadata.name}${Math.floor(now / POLL_MS)}`));
  if (isHeld(sandbox, app)) return;
  if (app.metadata.annotations?.[REFRESH_ANNOTATION] === 'hard') controller.renders += 1;
  delete app.metadata.annotations?.[REFRESH_ANNOTATION];
  const found = observe(sandbox, record);
  app.status = {
    ...app.status,
    ...found.status,
    reconciledAt: timestamp(now),
    controllerNamespace: 'argocd',
    resourceHealthSource: 'appTree',
  };
  const started = found.target === null ? [] : autoSync(sandbox, record, found.target);
  setConditions(app.status, [...found.problems, ...started], now);
  changed(sandbox.world.argocd, record);
}

/** Whether reconciliation is switched off, for the application or for its whole cluster. */
export function isHeld(sandbox: Sandbox, app: Application): boolean {
  if (app.metadata.annotations?.[SKIP_RECONCILE_ANNOTATION] === 'true') return true;
  const found = findDestination(sandbox.world, app.spec.destination);
  const cluster = 'problem' in found ? undefined : sandbox.world.argocd.clusters[found.server];
  return cluster?.annotations[SKIP_RECONCILE_ANNOTATION] === 'true';
}

interface Observation {
  readonly status: Partial<Status>;
  readonly problems: readonly Problem[];
  readonly target: Target | null;
}

function observe(sandbox: Sandbox, record: ApplicationRecord): Observation {
  const { app, controller } = record;
  const now = timestamp(sandbox.clock.now());
  const health = (status: NonNullable<Status['health']>['status']): Partial<Status> =>
    app.status.health?.status === status ? {} : { health: { status, lastTransitionTime: now } };
  const comparedTo = {
    destination: app.spec.destination,
    ...(app.spec.sources === undefined ? { source: app.spec.source } : { sources: app.spec.sources }),
  };
  const problems = specProblems(sandbox.world, app);
  if (problems.length > 0) return { status: { sync: { status: 'Unknown', comparedTo }, ...health('Unknown') }, problems, target: null };
  const target = targetOf(sandbox, record);
  if ('problem' in target) {
    const problem = { type: 'ComparisonError', message: `Failed to load target state: ${target.problem}` };
    return {
      status: { sync: { status: 'Unknown', comparedTo }, ...health(app.status.health?.status ?? 'Healthy') },
      problems: [problem],
      target: null,
    };
  }
  const destination = findDestination(sandbox.world, app.spec.destination);
  const reached = 'problem' in destination ? destination : reach(sandbox, destination.server);
  if ('problem' in reached || 'problem' in destination) {
    const message = `Failed to load live state: failed to get cluster info for "${'server' in destination ? destination.server : ''}": error synchronizing cache state : ${'problem' in reached ? reached.problem : ''}`;
    return {
      status: { sync: { status: 'Unknown', comparedTo, revision: target.revision }, ...health('Unknown') },
      problems: [{ type: 'ComparisonError', message }],
      target: null,
    };
  }
  const result = compare(app, target.objects, controller.deployed, reached.live);
  return {
    status: {
      sync: { status: result.synced ? 'Synced' : 'OutOfSync', revision: target.revision, comparedTo },
      ...health(result.health),
      resources: [...result.resources],
      sourceType: target.sourceType,
      summary: result.images.length === 0 ? {} : { images: [...result.images] },
    },
    problems: result.shared.map((message) => ({ type: 'SharedResourceWarning', message })),
    target,
  };
}

function setConditions(status: Status, problems: readonly Problem[], now: number): void {
  const old = status.conditions ?? [];
  const conditions: Condition[] = problems.map(({ type, message }) => {
    const same = old.find((one) => one.type === type && one.message === message);
    return same ?? { type, message, lastTransitionTime: timestamp(now) };
  });
  if (conditions.length === 0) delete status.conditions;
  else status.conditions = conditions;
}
