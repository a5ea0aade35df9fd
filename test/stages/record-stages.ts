import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecord } from '../../pipeline/runner/folder.ts';
import type { LoggedRequest, OperationCount } from '../../sandbox/request-log.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { Run } from '../../steps/kit/run.ts';
import { isReadOnly } from '../../steps/kit/step.ts';
import { openStage } from './open-stage.ts';
import { type ServedWorld, type Speed, serveWorld } from './served-world.ts';
import { type Ended, planAndApprove, startPhase, type Turn } from './step-turn.ts';
import { startRun } from './walk-run.ts';

/** One step of a run, forward or undone: how things stood right before its apply, and what the undisturbed apply did. */
export interface Stage extends Turn {
  /** Holds `world.json` and `run/` as they stood right before the apply: planned and approved. */
  readonly folder: string;
  /** The settled world before. */
  readonly before: unknown;
  /** The settled world after. */
  readonly after: unknown;
  /** What the apply changed, request by request. */
  readonly requests: readonly LoggedRequest[];
  /** How often each phase called which operation, reads included. */
  readonly calls: { readonly plan: readonly OperationCount[]; readonly apply: readonly OperationCount[] };
  /** The changes in the plan. */
  readonly changes: number;
  /** The outputs that the step had afterwards; null after an undo. */
  readonly outputs: unknown;
}

export interface Recording {
  /** An empty folder for all of it. */
  readonly folder: string;
  readonly world: 'shop' | 'small';
  readonly speed: Speed;
  /** The repository, built. */
  readonly root: string;
}

/**
 * Runs a drill and its undo, step by step, then a preparation and its undo in a world of its own, and keeps every stage on the way:
 * forward in the order of the graph, then back. A step that finds nothing to take back in its turn (the undo of a later one did it) is
 * undone once more, right after its apply, in a world of its own. Throws when an undisturbed step fails.
 */
export async function recordStages(recording: Recording): Promise<readonly Stage[]> {
  const drill = await recordRun(recording, 'drill');
  const preparation = await recordRun(recording, 'prepare');
  // What only looks is the same in both.
  return [...drill, ...preparation.filter(({ step }) => !drill.some((stage) => stage.step === step))];
}

async function recordRun(recording: Recording, mode: Run['mode']): Promise<readonly Stage[]> {
  const folder = join(recording.folder, mode);
  const { world, speed, root } = recording;
  await mkdir(folder, { recursive: true });
  const served = await serveWorld({ folder, world: shopWorld({ services: world === 'shop' ? 'all' : 'small' }), speed, root });
  const stages: Stage[] = [];
  try {
    const { steps } = await startRun(served.place, root, mode);
    for (const step of steps) {
      const options = {
        folder: join(folder, `forward-${step.id}`),
        turn: { step: step.id, direction: 'forward' },
        readOnly: isReadOnly(step),
      } as const;
      stages.push(await recordStage(served, options));
    }
    for (const { id } of steps.toReversed()) {
      const applied = (await readRecord(served.place.run, id))?.applied ?? [];
      const options = { folder: join(folder, `undo-${id}`), turn: { step: id, direction: 'undo' }, readOnly: false } as const;
      if (applied.length > 0) stages.push(await recordStage(served, options));
    }
  } finally {
    await served.stop();
  }
  return [...stages, ...(await undoneAtOnce(stages, { ...recording, folder }))];
}

async function undoneAtOnce(stages: readonly Stage[], { folder, speed, root }: Recording): Promise<Stage[]> {
  const undone = new Set(stages.filter(({ direction, changes }) => direction === 'undo' && changes > 0).map(({ step }) => step));
  const more: Stage[] = [];
  for (const [index, { step, direction, changes }] of stages.entries()) {
    const next = stages[index + 1];
    if (direction === 'undo' || changes === 0 || next === undefined || undone.has(step)) continue;
    // Right before the next apply is right after this one.
    const served = await openStage(next, { folder: join(folder, `after-${step}`), speed, root });
    try {
      const turn: Turn = { step, direction: 'undo' };
      more.push(await recordStage(served, { folder: join(folder, `undo-${step}-at-once`), turn, readOnly: false }));
    } finally {
      await served.stop();
    }
  }
  return more;
}

interface StageOptions {
  readonly folder: string;
  readonly turn: Turn;
  readonly readOnly: boolean;
}

async function recordStage(served: ServedWorld, { folder, turn, readOnly }: StageOptions): Promise<Stage> {
  const { place, running } = served;
  const before = await served.settled();
  running.requests.clear();
  const planned = readOnly ? { changes: 0 } : await planAndApprove(place, turn);
  if ('failed' in planned) throw failed(turn, 'plan', planned.failed);
  const planCalls = [...running.requests.counts()];
  await served.save();
  await mkdir(folder);
  await cp(place.run, join(folder, 'run'), { recursive: true });
  await cp(join(place.run, '..', 'world.json'), join(folder, 'world.json'));
  running.requests.clear();
  const ended = await startPhase(place, turn, 'apply').ended;
  if (ended.status !== 0) throw failed(turn, 'apply', ended);
  const requests = [...running.requests.list()];
  const calls = { plan: planCalls, apply: [...running.requests.counts()] };
  const outputs = (await readRecord(place.run, turn.step))?.outputs ?? null;
  return { ...turn, folder, before, after: await served.settled(), requests, calls, changes: planned.changes, outputs };
}

function failed({ step, direction }: Turn, phase: string, { status, signal, said }: Ended): Error {
  return new Error(`${step} (${direction}) could not ${phase} undisturbed: ${signal ?? status}\n${said}`);
}
