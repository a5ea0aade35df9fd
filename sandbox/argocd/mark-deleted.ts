import type { Sandbox } from '../system.ts';
import { cascades } from './application.ts';
import { wake } from './runtime.ts';
import type { ApplicationRecord } from './state.ts';
import { changed, dropApplication, timestamp } from './store.ts';

const FIRST_LOOK_MS = 1_000;

/** What a DELETE of the object does: gone at once, or, while finalizers hold it, marked as being deleted. */
export function markDeleted(sandbox: Sandbox, record: ApplicationRecord): void {
  const { app, controller } = record;
  const state = sandbox.world.argocd;
  if ((app.metadata.finalizers ?? []).length === 0) {
    dropApplication(state, app.metadata.name);
    return;
  }
  if (app.metadata.deletionTimestamp !== undefined) return;
  app.metadata.deletionTimestamp = timestamp(sandbox.clock.now());
  controller.cascade = cascades(app.metadata);
  controller.deletionAt = sandbox.clock.now() + FIRST_LOOK_MS;
  changed(state, record);
  wake(state, controller.deletionAt);
}
