import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readRecord, writeApproval } from '../../pipeline/runner/folder.ts';
import { steps } from '../../steps/index.ts';
import { changesOf, type Direction } from '../../steps/kit/plan.ts';
import { isReadOnly } from '../../steps/kit/step.ts';

/** A run folder, and where its steps work: against one sandbox. */
export interface Place {
  readonly run: string;
  readonly stepsFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Turn {
  readonly step: string;
  readonly direction: Direction;
}

/** How a process of a step ended, and what it said on stderr. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

/** A compiled step at work. */
export interface Working {
  readonly pid: number;
  readonly ended: Promise<Ended>;
}

/** Starts one phase of a compiled step as the runner does: in a process group of its own, with the run folder as input and output. */
export function startPhase({ run, stepsFolder, environment }: Place, { step, direction }: Turn, phase: 'plan' | 'apply'): Working {
  const undo = direction === 'undo' ? ['--undo'] : [];
  const child = spawn(process.execPath, [join(stepsFolder, `${step}.js`), phase, '--in', run, ...undo], {
    env: { ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const chunks: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  // Its exit, not the end of its pipes: programs that it started may outlive it.
  const ended = once(child, 'exit').then(([status, signal]) => ({ status, signal, said: chunks.join('') }) as Ended);
  return { pid: child.pid ?? 0, ended };
}

/** Plans a step and approves the plan. The number of changes in it, or how planning failed. */
export async function planAndApprove(place: Place, turn: Turn): Promise<{ readonly changes: number } | { readonly failed: Ended }> {
  const planned = await startPhase(place, turn, 'plan').ended;
  if (planned.status !== 0) return { failed: planned };
  const record = await readRecord(place.run, turn.step);
  const plan = record?.plan ?? null;
  if (record === undefined || plan === null) throw new Error(`${turn.step} planned, but left no plan:\n${planned.said}`);
  if (record.approvalNeed?.required === true) {
    const { attempt, digest } = plan;
    const approval = { schema: 1, decision: 'approved', by: 'tester', at: new Date().toISOString(), via: 'test' } as const;
    await writeApproval(place.run, { ...approval, run: record.run, step: turn.step, attempt, digest });
  }
  return { changes: changesOf(plan.items).length };
}

/** A whole turn: plan, approve, apply; a step that changes nothing is applied at once. How the first phase that failed ended, or the last. */
export async function takeWholeTurn(place: Place, turn: Turn): Promise<Ended> {
  const reads = turn.direction === 'forward' && steps.some((step) => step.id === turn.step && isReadOnly(step));
  if (reads) return startPhase(place, turn, 'apply').ended;
  const planned = await planAndApprove(place, turn);
  return 'failed' in planned ? planned.failed : startPhase(place, turn, 'apply').ended;
}
