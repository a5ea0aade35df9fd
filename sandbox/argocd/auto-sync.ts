import type { Sandbox } from '../system.ts';
import { automatedSync, sourcesOf } from './application.ts';
import type { Problem } from './conditions.ts';
import { startOperation } from './operation.ts';
import type { ApplicationRecord } from './state.ts';
import type { Target } from './target.ts';

/** Argo CD waits this long before it heals the same revision once more. */
const SELF_HEAL_MS = 5_000;

/** Starts a sync where the policy wants one; gives what stands in its way. */
export function autoSync(sandbox: Sandbox, record: ApplicationRecord, target: Target): Problem[] {
  const { app, controller } = record;
  const policy = automatedSync(app.spec);
  if (policy === null || app.status.sync?.status !== 'OutOfSync') return [];
  if (app.operation !== undefined || app.metadata.deletionTimestamp !== undefined) return [];
  const outOfSync = (app.status.resources ?? []).filter((one) => one.status !== 'Synced');
  if (policy.prune !== true && outOfSync.every((one) => one.requiresPruning === true)) return [];
  if (policy.prune === true && policy.allowEmpty !== true && target.objects.length === 0 && outOfSync.length > 0) {
    return [syncError(`Skipping sync attempt to ${target.revision}: auto-sync will wipe out all resources`)];
  }
  const attempt = attemptKey(record, target.revision);
  const state = app.status.operationState;
  if (controller.triedRevision === attempt && state !== undefined) {
    if (state.phase !== 'Succeeded') return [syncError(`Failed last sync attempt to [${target.revision}]: ${state.message ?? ''}`)];
    if (policy.selfHeal !== true) return [];
    const healAt = controller.healedAt + SELF_HEAL_MS;
    if (healAt > sandbox.clock.now()) {
      controller.refreshAt = Math.min(controller.refreshAt, healAt);
      return [];
    }
  }
  controller.triedRevision = attempt;
  controller.healedAt = sandbox.clock.now();
  startOperation(sandbox, record, {
    sync: {
      revision: target.revision,
      ...(policy.prune === true ? { prune: true } : {}),
      ...(app.spec.syncPolicy?.syncOptions === undefined ? {} : { syncOptions: app.spec.syncPolicy.syncOptions }),
    },
    initiatedBy: { automated: true },
    retry: app.spec.syncPolicy?.retry ?? { limit: 5 },
  });
  return [];
}

function attemptKey({ app }: ApplicationRecord, revision: string): string {
  return JSON.stringify([revision, sourcesOf(app.spec), app.spec.destination]);
}

function syncError(message: string): Problem {
  return { type: 'SyncError', message };
}
