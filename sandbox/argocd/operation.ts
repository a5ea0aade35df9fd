import type { Sandbox } from '../system.ts';
import { type Operation, type OperationPhase, type OperationState, sourcesOf } from './application.ts';
import { specProblems } from './conditions.ts';
import { wake } from './runtime.ts';
import type { ApplicationRecord } from './state.ts';
import { changed, refreshSoon, spread, timestamp } from './store.ts';
import { syncWave } from './sync.ts';
import { targetOf } from './target.ts';

/** Operations that run at the same time, as the controller's operation processors do. */
export const OPERATION_PROCESSORS = 10;

/** From the start of an operation to its first apply: the repository server renders. */
const RENDER_MS = 6_000;
const RENDER_JITTER_MS = 5_000;
const WAVE_MS = 3_000;

/** Asks for an operation; it starts when a processor is free. */
export function startOperation(sandbox: Sandbox, record: ApplicationRecord, operation: Operation): void {
  record.app.operation = operation;
  record.controller.operationAt = sandbox.clock.now();
  changed(sandbox.world.argocd, record);
  wake(sandbox.world.argocd, record.controller.operationAt);
}

export function isRunning({ app }: ApplicationRecord): boolean {
  const phase = app.status.operationState?.phase;
  return app.operation !== undefined && (phase === 'Running' || phase === 'Terminating');
}

/** Begins an operation that was asked for. */
export function beginOperation(sandbox: Sandbox, record: ApplicationRecord): void {
  const { app, controller } = record;
  const now = sandbox.clock.now();
  if (app.operation === undefined) return;
  app.status.operationState = { operation: app.operation, phase: 'Running', message: 'waiting to start', startedAt: timestamp(now) };
  controller.wave = 0;
  controller.attempt = 0;
  controller.operationAt = now + RENDER_MS + Math.round(RENDER_JITTER_MS * spread(app.metadata.name));
  changed(sandbox.world.argocd, record);
}

/** Takes a running operation one step on: a wave applied, a wave waited for, the end. */
export function advanceOperation(sandbox: Sandbox, record: ApplicationRecord): void {
  const { app, controller } = record;
  if (app.operation === undefined || app.status.operationState === undefined) return;
  const step = nextStep(sandbox, record, app.operation, app.status.operationState);
  if (step.phase === 'Running') {
    app.status.operationState.message = step.message;
    controller.operationAt = sandbox.clock.now() + WAVE_MS;
    changed(sandbox.world.argocd, record);
  } else if (step.phase === 'Succeeded' || step.final === true) end(sandbox, record, step.phase, step.message);
  else failOrRetry(sandbox, record, step.phase, step.message);
}

interface Step {
  readonly phase: OperationPhase;
  readonly message: string;
  /** Not to be tried again. */
  readonly final?: true;
}

function nextStep(sandbox: Sandbox, record: ApplicationRecord, operation: Operation, state: OperationState): Step {
  const { app } = record;
  if (state.phase === 'Terminating') return { phase: 'Failed', message: 'Operation terminated', final: true };
  const [problem] = specProblems(sandbox.world, app);
  if (problem !== undefined) return { phase: 'Error', message: problem.message };
  const target = targetOf(sandbox, record, operation.sync.revision);
  if ('problem' in target) return { phase: 'Error', message: `ComparisonError: Failed to load target state: ${target.problem}` };
  const result = syncWave(sandbox, record, target);
  if (result.kind === 'unreachable') return { phase: 'Error', message: result.message };
  const [source] = sourcesOf(app.spec);
  state.syncResult = { resources: [...result.resources], revision: target.revision, ...(source === undefined ? {} : { source }) };
  if (result.kind === 'failed') return { phase: 'Failed', message: result.message };
  if (result.kind === 'done') return { phase: 'Succeeded', message: 'successfully synced (all tasks run)' };
  return { phase: 'Running', message: result.message };
}

function failOrRetry(sandbox: Sandbox, record: ApplicationRecord, phase: OperationPhase, message: string): void {
  const { app, controller } = record;
  const limit = app.operation?.retry?.limit ?? 0;
  if (limit >= 0 && controller.attempt >= limit) {
    end(sandbox, record, phase, controller.attempt === 0 ? message : `${message} (retried ${controller.attempt} times).`);
    return;
  }
  const backoff = app.operation?.retry?.backoff ?? {};
  const first = seconds(backoff.duration, 5);
  const wait = Math.min(first * (backoff.factor ?? 2) ** controller.attempt, seconds(backoff.maxDuration, 180)) * 1000;
  controller.attempt += 1;
  controller.wave = 0;
  controller.operationAt = sandbox.clock.now() + wait;
  if (app.status.operationState !== undefined) {
    app.status.operationState.retryCount = controller.attempt;
    app.status.operationState.message = `${message}. Retrying attempt #${controller.attempt} at ${new Date(controller.operationAt).toISOString().slice(11, 16)}.`;
  }
  changed(sandbox.world.argocd, record);
}

const HISTORY_LIMIT = 10;

function end(sandbox: Sandbox, record: ApplicationRecord, phase: OperationPhase, message: string): void {
  const { app, controller } = record;
  const now = sandbox.clock.now();
  const state = app.status.operationState;
  if (state === undefined) return;
  Object.assign(state, { phase, message, finishedAt: timestamp(now) });
  if (phase === 'Succeeded' && app.operation?.sync.dryRun !== true) {
    const history = app.status.history ?? [];
    const entry = {
      id: (history.at(-1)?.id ?? -1) + 1,
      revision: state.syncResult?.revision ?? '',
      deployStartedAt: state.startedAt,
      deployedAt: timestamp(now),
      ...(state.syncResult?.source === undefined ? {} : { source: state.syncResult.source }),
      initiatedBy: { ...app.operation?.initiatedBy },
    };
    app.status.history = [...history, entry].slice(-HISTORY_LIMIT);
  }
  delete app.operation;
  controller.operationAt = null;
  changed(sandbox.world.argocd, record);
  // The comparison after it must be later by whole seconds, as the two times are compared.
  refreshSoon(sandbox.world.argocd, record, now + 1_500);
}

/** `5s`, `3m`, `1h`, or seconds. */
function seconds(duration: string | undefined, fallback: number): number {
  const match = /^(\d+)(s|m|h)?$/.exec(duration ?? '');
  if (match === null) return fallback;
  return Number(match[1]) * ({ s: 1, m: 60, h: 3600 }[match[2] ?? 's'] ?? 1);
}
