import { EksDrError, exitStatus } from '../../steps/kit/errors.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import type { Direction } from '../../steps/kit/plan.ts';
import { approveAll, askOnTerminal, type Decide } from '../approval/decide.ts';
import { type OpenRun, openRun, type RunArguments } from '../runner/open-run.ts';
import { errorOf, type StepResult, walkRun } from '../runner/run.ts';
import { createScreen } from '../runner/screen.ts';
import { summaryLines } from '../runner/summary.ts';
import type { CliIo } from './io.ts';

export interface WalkArguments {
  readonly folder: string | undefined;
  readonly estateFile: string | undefined;
  readonly run: RunArguments;
  readonly approve: 'all' | undefined;
  readonly until?: string | undefined;
  readonly direction: Direction;
  readonly planOnly?: boolean;
  readonly log: LogFormat;
  /** The folder goes when the command ends: there is nothing to continue. */
  readonly temporary?: boolean;
}

export interface WalkEnd {
  readonly opened: OpenRun;
  readonly results: readonly StepResult[];
  /** What the process should end with. */
  readonly status: number;
}

/** What says nothing about a run: it must exist. */
export const noArguments: RunArguments = {
  mode: undefined,
  target: undefined,
  reason: undefined,
  incidentAt: undefined,
  services: undefined,
  waivers: [],
};

/** Opens a run, walks it, and tells at the end what became of each step. */
export async function walkAndTell(args: WalkArguments, io: CliIo): Promise<WalkEnd> {
  const { folder, estateFile, run, direction, planOnly, log, until } = args;
  const stepIds = io.steps.map(({ id }) => id);
  const opened = await openRun({ folder, estateFile, arguments: run, user: io.user, now: Date.now(), stepIds });
  const screen = createScreen(io.stderr, io.environment);
  tellStart(opened, direction, (text) => screen.line(text));
  const results = await walkRun({
    opened,
    steps: io.steps,
    until,
    direction,
    planOnly,
    stepsFolder: io.stepsFolder,
    environment: io.environment,
    log,
    screen,
    decide: await decider(args, opened, io),
  });
  const error = errorOf(results);
  screen.line('');
  for (const line of summaryLines(results, screen.colours)) screen.line(line);
  if (error !== undefined && args.temporary !== true) screen.line(wayOn(opened, direction));
  return { opened, results, status: error === undefined ? 0 : exitStatus[error.category] };
}

async function decider({ approve }: WalkArguments, { run, lock }: OpenRun, io: CliIo): Promise<Decide> {
  if (approve !== 'all') return askOnTerminal({ input: io.stdin, output: io.stderr }, io.user, run.startedBy);
  if (run.mode === 'drill') return approveAll(io.user);
  await lock.release();
  throw new EksDrError('bad-usage', {
    message: '--approve all is for drills; in a recovery a person approves each plan.',
    target: '--approve',
  });
}

function tellStart({ run, folder, resumed }: OpenRun, direction: Direction, tell: (text: string) => void): void {
  const what = direction === 'undo' ? 'Undoing' : resumed ? 'Continuing' : 'Starting';
  tell(`${what} ${run.id}: ${run.mode} to ${run.target} (${run.reason}), in ${folder}`);
}

function wayOn({ folder }: OpenRun, direction: Direction): string {
  const command = direction === 'undo' ? 'undo' : 'run';
  return `Continue with: eks-dr ${command} --run ${folder}`;
}
