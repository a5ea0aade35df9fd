import type { Sandbox } from '../system.ts';
import { changedSince } from './cluster-changes.ts';
import { monitorCluster } from './cluster-monitor.ts';
import { advanceDeletion } from './deletion.ts';
import { advanceOperation, beginOperation, isRunning, OPERATION_PROCESSORS } from './operation.ts';
import { clusterBehind } from './reach.ts';
import { isHeld, refresh } from './refresh.ts';
import { runtimeOf } from './runtime.ts';
import type { ApplicationRecord } from './state.ts';
import { refreshSoon } from './store.ts';

/** The application controller: does what is due and remembers when the next thing is. */
export function runController(sandbox: Sandbox): void {
  const state = sandbox.world.argocd;
  const runtime = runtimeOf(state);
  const now = sandbox.clock.now();
  followClusters(sandbox);
  if (now < runtime.nextDue) return;
  runtime.nextDue = Number.POSITIVE_INFINITY;
  for (const cluster of Object.values(state.clusters)) if (cluster.checkAt <= now) monitorCluster(sandbox, cluster);
  let free = OPERATION_PROCESSORS - Object.values(state.applications).filter(isRunning).length;
  const waiting: ApplicationRecord[] = [];
  for (const record of Object.values(state.applications)) {
    const { controller, app } = record;
    if (isDue(record, now) && isHeld(sandbox, app)) {
      postpone(record, now + HELD_MS);
      continue;
    }
    const deleting = app.metadata.deletionTimestamp !== undefined;
    if (!deleting && controller.refreshAt <= now) refresh(sandbox, record);
    if (app.operation === undefined) {
      // An operation that runs is brought to its end first.
      if (controller.deletionAt !== null && controller.deletionAt <= now) advanceDeletion(sandbox, record);
      continue;
    }
    if (!isRunning(record)) waiting.push(record);
    else if (controller.operationAt !== null && controller.operationAt <= now) {
      advanceOperation(sandbox, record);
      if (!isRunning(record)) free += 1;
    }
  }
  waiting.sort((a, b) => (a.controller.operationAt ?? 0) - (b.controller.operationAt ?? 0));
  for (const record of waiting.slice(0, Math.max(0, free))) beginOperation(sandbox, record);
  runtime.nextDue = Math.min(runtime.nextDue, nextDue(sandbox));
}

const HELD_MS = 5_000;

function isDue({ app, controller }: ApplicationRecord, now: number): boolean {
  return controller.refreshAt <= now || (controller.deletionAt ?? Number.POSITIVE_INFINITY) <= now || app.operation !== undefined;
}

/** The real controller passes over what is held, deletions and operations included. */
function postpone({ controller }: ApplicationRecord, at: number): void {
  controller.refreshAt = Math.max(controller.refreshAt, at);
  if (controller.deletionAt !== null) controller.deletionAt = Math.max(controller.deletionAt, at);
  if (controller.operationAt !== null) controller.operationAt = Math.max(controller.operationAt, at);
}

/** When something is due again. Operations that wait for a processor get one when another ends, which is due itself. */
function nextDue(sandbox: Sandbox): number {
  const state = sandbox.world.argocd;
  let next = Number.POSITIVE_INFINITY;
  for (const cluster of Object.values(state.clusters)) next = Math.min(next, cluster.checkAt);
  for (const record of Object.values(state.applications)) {
    const { controller, app } = record;
    const deleting = app.metadata.deletionTimestamp !== undefined;
    if (controller.deletionAt !== null && app.operation === undefined) next = Math.min(next, controller.deletionAt);
    if (!deleting) next = Math.min(next, controller.refreshAt);
    if (isRunning(record) && controller.operationAt !== null) next = Math.min(next, controller.operationAt);
  }
  return next;
}

const AFTER_CHANGE_MS = 1_000;

/** Compares again soon whose objects changed on a cluster, as the watches of the real controller have it. */
function followClusters(sandbox: Sandbox): void {
  const state = sandbox.world.argocd;
  const { seen } = runtimeOf(state);
  for (const server of Object.keys(state.clusters)) {
    const ref = clusterBehind(sandbox, server);
    if (ref === null) continue;
    const revision = sandbox.world.kubernetes.clusters[`${ref.region}/${ref.cluster}`]?.revision ?? 0;
    const before = seen.get(server);
    if (before === revision) continue;
    seen.set(server, revision);
    if (before === undefined) continue;
    const names = changedSince(sandbox.world, ref, before) ?? Object.keys(state.applications);
    const at = sandbox.clock.now() + AFTER_CHANGE_MS;
    for (const name of names) {
      const record = state.applications[name];
      if (record !== undefined && record.controller.deployedServer === server) refreshSoon(state, record, at);
    }
  }
}
