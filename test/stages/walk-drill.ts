import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildGraph } from '../../pipeline/graph.ts';
import { readEstate, readRun } from '../../pipeline/runner/folder.ts';
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

export interface StartedDrill {
  readonly run: Run;
  readonly estate: Estate;
  /** The steps that are still to come, in order. */
  readonly rest: readonly Step[];
}

/** Starts a drill of the example estate with the compiled program: its first step, which makes the run, is done. */
export async function startDrill(place: Place, root: string): Promise<StartedDrill> {
  const [first, ...rest] = buildGraph(steps, { mode: 'drill' });
  const estateFile = join(exampleFolder(root), 'eks-dr.yaml');
  const args = ['run', '--mode', 'drill', '--estate', estateFile, '--run', place.run, '--until', first?.id ?? ''];
  await promisify(execFile)(process.execPath, [join(root, 'dist', 'eks-dr.js'), ...args], { env: { ...place.environment } });
  const [run, estate] = await Promise.all([readRun(place.run), readEstate(place.run)]);
  if (run === undefined || estate === undefined) throw new Error('the first step left no run');
  return { run, estate, rest: rest.map(({ step }) => step) };
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
