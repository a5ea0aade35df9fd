import type { Sandbox } from '../system.ts';
import { type Condition, cascades, type Spec } from './application.ts';
import { findDestination } from './clusters.ts';
import { compareKinds } from './kinds.ts';
import { reach } from './reach.ts';
import type { ApplicationRecord, ResourceKey } from './state.ts';
import { changed, dropApplication, timestamp } from './store.ts';

const NEXT_LOOK_MS = 3_000;

/**
 * One look at an application that is being deleted: what it deployed is deleted, and once all of it is gone, so is the application.
 * A destination that is no longer registered is given up; one that doesn't answer holds the application.
 */
export function advanceDeletion(sandbox: Sandbox, record: ApplicationRecord): void {
  const { app, controller } = record;
  const state = sandbox.world.argocd;
  const now = sandbox.clock.now();
  controller.deletionAt = now + NEXT_LOOK_MS;
  const server = cascades(app.metadata) ? (controller.deployedServer ?? serverOf(sandbox, app.spec)) : null;
  const reached = server === null ? null : reach(sandbox, server);
  if (server === null || reached === null || ('problem' in reached && state.clusters[server] === undefined)) {
    finish(sandbox, record);
    return;
  }
  if ('problem' in reached) {
    setCondition(record, { type: 'DeletionError', message: reached.problem, lastTransitionTime: timestamp(now) });
    changed(state, record);
    return;
  }
  const left = controller.deployed.filter((key) => reached.live.get(key) !== null);
  for (const key of left.toSorted((a, b) => compareKinds(b, a))) removeOnce(reached.live, key);
  controller.deployed = controller.deployed.filter((key) => reached.live.get(key) !== null);
  if (controller.deployed.length === 0) finish(sandbox, record);
}

function removeOnce(live: { get(key: ResourceKey): unknown; remove(key: ResourceKey): void }, key: ResourceKey): void {
  const object = live.get(key) as { metadata?: { deletionTimestamp?: string } } | null;
  if (object !== null && object.metadata?.deletionTimestamp === undefined) live.remove(key);
}

function finish(sandbox: Sandbox, record: ApplicationRecord): void {
  const { app } = record;
  // Finalizers of others would go on holding the object.
  const others = (app.metadata.finalizers ?? []).filter((finalizer) => !finalizer.startsWith('resources-finalizer.argocd.argoproj.io'));
  app.metadata.finalizers = others.filter((finalizer) => !finalizer.includes('argocd.argoproj.io'));
  if (app.metadata.finalizers.length === 0) dropApplication(sandbox.world.argocd, app.metadata.name);
}

function serverOf(sandbox: Sandbox, spec: Spec): string | null {
  const found = findDestination(sandbox.world, spec.destination);
  return 'problem' in found ? null : found.server;
}

function setCondition(record: ApplicationRecord, condition: Condition): void {
  const others = (record.app.status.conditions ?? []).filter((one) => one.type !== condition.type);
  record.app.status.conditions = [...others, condition];
}
