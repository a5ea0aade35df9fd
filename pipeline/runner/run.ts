import { clockScale } from '../../steps/environment.ts';
import { createClock } from '../../steps/kit/clock.ts';
import { asEksDrError, EksDrError, gather } from '../../steps/kit/errors.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import type { Direction } from '../../steps/kit/plan.ts';
import type { UndoScope } from '../../steps/kit/step.ts';
import type { Decide } from '../approval/decide.ts';
import { buildGraph, type GraphNode, type GraphStep, reversed, scoped } from '../graph.ts';
import { readRecord, removeReport } from './folder.ts';
import { interruptible } from './interrupt.ts';
import type { OpenRun } from './open-run.ts';
import type { Screen } from './screen.ts';
import { type RunnableStep, type TurnContext, type TurnEnd, takePlanTurn, takeTurn } from './turn.ts';
import { type Walked, walk } from './walk.ts';

type Graph = readonly GraphNode<GraphStep & RunnableStep>[];

export interface WalkOptions {
  /** Its lock is released at the end. */
  readonly opened: OpenRun;
  readonly steps: readonly (GraphStep & RunnableStep)[];
  readonly until?: string | undefined;
  readonly direction: Direction;
  /** Undo only the steps of this scope; undefined: all. */
  readonly scope?: UndoScope | undefined;
  /** Plans and shows only. What waits for a step with changes is not started. */
  readonly planOnly?: boolean | undefined;
  readonly stepsFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: LogFormat;
  readonly screen: Screen;
  readonly decide: Decide;
}

/** What became of each step of the graph, in its order. */
export interface StepResult {
  readonly step: string;
  readonly status: 'ok' | 'planned' | 'skipped' | 'failed' | 'not-started';
  readonly changes: number;
  readonly seconds: number;
  readonly asked: boolean;
  readonly leftAlone?: readonly string[];
  readonly error: EksDrError | null;
}

/**
 * Walks the graph of a run, forward or (undo) backward, with every step as a child process.
 * Every step has its turn again, also one that ended ok before: it plans against the world as it is now.
 * Throws only what stands before any step (a refused clock, an unknown step); what steps end in is in the results.
 */
export async function walkRun(options: WalkOptions): Promise<readonly StepResult[]> {
  const { opened, steps, until, direction, scope, environment, screen } = options;
  const { folder, run, estate, estateFolder, lock } = opened;
  const children = new Set<number>();
  const note = (change: () => void): void => {
    change();
    void lock.children([...children]);
  };
  try {
    const clock = createClock(clockScale(environment, estate), Date.parse(run.startedAt));
    const forward = buildGraph(steps, { mode: run.mode, until });
    const graph = direction === 'forward' ? forward : scope === undefined ? reversed(forward) : scoped(reversed(forward), scope);
    if (direction === 'forward' && forward.some(({ id }) => id === 'report')) await removeReport(folder);
    return await interruptible(
      (signal) =>
        walkGraph(
          graph,
          {
            ...options,
            folder,
            run,
            clock,
            signal,
            environment: { ...environment, EKS_DR_ESTATE_FOLDER: estateFolder },
            width: Math.max(...graph.map(({ id }) => id.length)),
            onStart: (pid) => note(() => children.add(pid)),
            onEnd: (pid) => note(() => children.delete(pid)),
          },
          options.planOnly === true,
        ),
      (again) =>
        screen.line(
          screen.colours.yellow(
            again ? 'Still ending: each step finishes the change in hand.' : 'Ending: each step finishes the change in hand.',
          ),
        ),
    );
  } finally {
    await lock.release();
  }
}

async function walkGraph(graph: Graph, context: TurnContext, planOnly: boolean): Promise<readonly StepResult[]> {
  const ends = new Map<string, TurnEnd>();
  const walked = await walk(
    graph,
    async ({ id, step }) => {
      if (context.direction === 'undo' && !(await wasApplied(context.folder, id))) return 'ok';
      const end = await turnOf(step, context, planOnly);
      ends.set(id, end);
      return planOnly && end.changes > 0 ? 'held' : 'ok';
    },
    context.signal,
  );
  return graph.map(({ id }) => resultOf(id, walked.get(id) ?? { end: 'not-started' }, ends.get(id)));
}

function resultOf(step: string, walked: Walked, end: TurnEnd | undefined): StepResult {
  const nothing = { step, changes: 0, seconds: 0, asked: false, error: null };
  switch (walked.end) {
    case 'failed':
      return { ...nothing, status: 'failed', error: asEksDrError(walked.error) };
    case 'not-started':
      return { ...nothing, status: 'not-started' };
    case 'held':
      return { ...nothing, ...end, status: 'planned' };
    case 'ok':
      return end === undefined ? { ...nothing, status: 'skipped' } : { ...nothing, ...end, status: 'ok' };
  }
}

async function turnOf(step: RunnableStep, context: TurnContext, planOnly: boolean): Promise<TurnEnd> {
  try {
    return await (planOnly ? takePlanTurn : takeTurn)(step, context);
  } catch (thrown) {
    const { screen, width } = context;
    const error = asEksDrError(thrown);
    // Why, and what to do, stands in the summary: said here too, it would be read twice.
    const what = error.category === 'interrupted' ? 'stopped' : `failed: ${error.category}`;
    screen.line(`${' '.repeat(8)} ${screen.colours.red(`${step.id.padEnd(width)} ${what}`)}`);
    throw error;
  }
}

/** Only what was begun to be applied has something to take back. */
async function wasApplied(folder: string, step: string): Promise<boolean> {
  const found = await readRecord(folder, step);
  return (found?.applied.length ?? 0) > 0;
}

/** The one error that a walk ended in; undefined when every step ended ok, or waits for one that was only planned. */
export function errorOf(results: readonly StepResult[]): EksDrError | undefined {
  const errors = results.flatMap(({ error }) => error ?? []);
  if (errors.length > 0) return gather(errors);
  if (results.some(({ status }) => status === 'planned')) return undefined;
  const waiting = results.filter(({ status }) => status === 'not-started').map(({ step }) => step);
  return waiting.length === 0 ? undefined : new EksDrError('interrupted', { message: `Interrupted before: ${waiting.join(', ')}.` });
}
