import { join } from 'node:path';
import { noArguments } from '../../pipeline/cli/walk.ts';
import { buildGraph } from '../../pipeline/graph.ts';
import { openRun } from '../../pipeline/runner/open-run.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { steps } from '../../steps/index.ts';
import type { Run } from '../../steps/kit/run.ts';
import { isReadOnly } from '../../steps/kit/step.ts';
import type { Step } from '../../steps/step.ts';
import { exampleFolder } from './served-world.ts';
import { type Place, planAndApprove, startPhase, type Turn } from './step-turn.ts';

/** What comes between the parts of a drill. */
export interface Interludes {
  /** Before a step plans (or, if it changes nothing, is applied). */
  readonly beforePlan?: (step: Step) => Promise<void>;
  /** Once a step is planned and approved; before the only part of one that changes nothing. */
  readonly beforeApply?: (step: Step) => Promise<void>;
  readonly afterApply?: (step: Step) => Promise<void>;
}

export interface StartedRun {
  readonly run: Run;
  readonly estate: Estate;
  /** All of it, in the order of the graph. */
  readonly steps: readonly Step[];
}

/** Starts a run of the example estate: none of its steps has been taken yet. */
export async function startRun(place: Place, root: string, mode: Run['mode']): Promise<StartedRun> {
  const estateFile = join(exampleFolder(root), 'eks-dr.yaml');
  const stepIds = steps.map(({ id }) => id);
  const given = { ...noArguments, mode, reason: 'test' };
  const { run, estate, lock } = await openRun({
    folder: place.run,
    estateFile,
    arguments: given,
    user: 'tester',
    now: Date.now(),
    stepIds,
  });
  await lock.release();
  return { run, estate, steps: buildGraph(steps, { mode }).map(({ step }) => step) };
}

/** Walks these steps, one by one. Throws, with what it said, when one does not end well. */
export async function walkOn(place: Place, rest: readonly Step[], { beforePlan, beforeApply, afterApply }: Interludes): Promise<void> {
  for (const step of rest) {
    const turn: Turn = { step: step.id, direction: 'forward' };
    await beforePlan?.(step);
    const planned = isReadOnly(step) ? { changes: 0 } : await planAndApprove(place, turn);
    if ('failed' in planned) throw new Error(`${step.id} could not plan:\n${planned.failed.said}`);
    await beforeApply?.(step);
    const ended = await startPhase(place, turn, 'apply').ended;
    if (ended.status !== 0) throw new Error(`${step.id} ended with ${ended.status}:\n${ended.said}`);
    await afterApply?.(step);
  }
}
