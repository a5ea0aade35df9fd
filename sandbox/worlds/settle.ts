import { runController } from '../argocd/controller.ts';
import { refresh } from '../argocd/refresh.ts';
import { runtimeOf } from '../argocd/runtime.ts';
import { spread } from '../argocd/store.ts';
import { contextOf } from '../kubernetes/clusters.ts';
import { runControllers } from '../kubernetes/controllers/run.ts';
import type { Sandbox } from '../system.ts';
import { NOW } from './names.ts';
import { primaryRef } from './primary.ts';

/** A sandbox without listeners, whose clock a seed sets by hand. */
export interface SeedSandbox extends Sandbox {
  setTime(at: number): void;
}

export function seedSandbox(world: Sandbox['world'], at: number): SeedSandbox {
  let now = at;
  const nowhere = 'http://127.0.0.1:0';
  return {
    world,
    clock: { now: () => now, scale: 1, timestamp: () => new Date(now).toISOString() },
    address: () => nowhere,
    ca: '',
    cutOff: () => false,
    setTime: (time) => {
      now = time;
    },
  };
}

const STEP_MS = 5_000;
const LIMIT_MS = 30 * 60_000;

/** Lets the controllers of Argo CD and Kubernetes work until all applications are healthy. Throws when they don't get there. */
export function settle(sandbox: SeedSandbox): void {
  const start = sandbox.clock.now();
  for (let at = start; at < start + LIMIT_MS; at += STEP_MS) {
    sandbox.setTime(at);
    const context = contextOf(sandbox, primaryRef);
    if (context !== null) runControllers(context);
    runController(sandbox);
    if (isSettled(sandbox)) return;
  }
  const { applications } = sandbox.world.argocd;
  const open = Object.values(applications).filter(
    ({ app }) => app.status.health?.status !== 'Healthy' || app.status.sync?.status !== 'Synced',
  );
  const [first] = open;
  const why = JSON.stringify({ ...first?.app.status, resources: first?.app.status.resources?.filter((one) => one.status !== 'Synced') });
  throw new Error(`The seed did not settle: ${open.length} applications are not healthy, such as ${first?.app.metadata.name}: ${why}`);
}

function isSettled(sandbox: Sandbox): boolean {
  const applications = Object.values(sandbox.world.argocd.applications);
  if (applications.length < 2) return false;
  return applications.every(
    ({ app }) => app.operation === undefined && app.status.health?.status === 'Healthy' && app.status.sync?.status === 'Synced',
  );
}

/** Takes a settled world months on, to the time when the sandbox begins. */
export function forwardToNow(sandbox: SeedSandbox): void {
  sandbox.setTime(NOW);
  const context = contextOf(sandbox, primaryRef);
  if (context !== null) runControllers(context);
  const { argocd } = sandbox.world;
  for (const record of Object.values(argocd.applications)) {
    refresh(sandbox, record);
    record.controller.refreshAt = NOW + Math.round(150_000 * spread(record.app.metadata.name));
  }
  for (const cluster of Object.values(argocd.clusters)) cluster.checkAt = NOW;
  runController(sandbox);
  runtimeOf(argocd).nextDue = NOW;
}
