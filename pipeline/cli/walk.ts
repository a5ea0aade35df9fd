import { clockScale, refuseUnverifiedTls } from '../../steps/environment.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { EksDrError, exitStatus } from '../../steps/kit/errors.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import type { Direction } from '../../steps/kit/plan.ts';
import type { Run } from '../../steps/kit/run.ts';
import type { UndoScope } from '../../steps/kit/step.ts';
import { approveAll, askOnTerminal, type Decide } from '../approval/decide.ts';
import { buildGraph } from '../graph.ts';
import { type OpenRun, openRun, type RunArguments } from '../runner/open-run.ts';
import { errorOf, type StepResult, walkRun } from '../runner/run.ts';
import { createScreen } from '../runner/screen.ts';
import { summaryLines } from '../runner/summary.ts';
import type { CliIo } from './io.ts';

export interface WalkArguments {
  readonly folder: string | undefined;
  readonly estateFile: string | undefined;
  /** Which inventory the run goes by from now on; undefined: as its estate says. */
  readonly inventory?: 'live' | 'last-good' | undefined;
  readonly run: RunArguments;
  readonly approve: 'all' | undefined;
  readonly until?: string | undefined;
  readonly direction: Direction;
  readonly scope?: UndoScope | undefined;
  /** Throws what the command has against this run, before anything is written. */
  readonly refuse?: (run: Run) => void;
  readonly planOnly?: boolean;
  /** Of an undo: the new cluster answers no more. */
  readonly clusterGone?: boolean;
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
  const { folder, estateFile, inventory, run, direction, scope, planOnly, clusterGone, log, until } = args;
  const stepIds = io.steps.map(({ id }) => id);
  const verify = (opening: Run, estate: Estate): void => verifyWalk(args, opening, estate, io);
  const said = { folder, estateFile, inventory, clusterGone, arguments: run };
  const opened = await openRun({ ...said, user: io.user, now: Date.now(), stepIds, verify });
  const screen = createScreen(io.stderr, io.environment);
  tellStart(opened, direction, (text) => screen.line(text));
  const results = await walkRun({
    opened,
    steps: io.steps,
    until,
    direction,
    scope,
    planOnly,
    stepsFolder: io.stepsFolder,
    environment: io.environment,
    log,
    screen,
    decide: decider(args, opened, io),
  });
  const error = errorOf(results);
  screen.line('');
  for (const line of summaryLines(results, screen.colours)) screen.line(line);
  if (error !== undefined && args.temporary !== true) screen.line(wayOn(opened, args));
  else if (scope !== undefined) for (const line of afterScope(opened, results)) screen.line(line);
  return { opened, results, status: error === undefined ? 0 : exitStatus[error.category] };
}

/** Whatever speaks against the walk as a whole is said before a folder is made or a step is started. */
function verifyWalk({ approve, until, refuse }: WalkArguments, run: Run, estate: Estate, { steps, environment }: CliIo): void {
  if (approve === 'all' && run.mode !== 'drill') {
    throw new EksDrError('bad-usage', {
      message: '--approve all is for drills; in a recovery a person approves each plan.',
      target: '--approve',
      remedy: 'Leave --approve out: each plan is shown and asked for on the terminal.',
    });
  }
  refuse?.(run);
  buildGraph(steps, { mode: run.mode, until });
  refuseUnverifiedTls(environment);
  clockScale(environment, estate);
}

function decider({ approve }: WalkArguments, { run }: OpenRun, io: CliIo): Decide {
  const ask = askOnTerminal({ input: io.stdin, output: io.stderr }, io.user, run.startedBy);
  return approve === 'all' ? approveAll(io.user, ask) : ask;
}

function tellStart({ run, folder, resumed }: OpenRun, direction: Direction, tell: (text: string) => void): void {
  const what = direction === 'undo' ? 'Undoing' : resumed ? 'Continuing' : 'Starting';
  const where = `${run.mode === 'prepare' ? 'for' : 'to'} ${run.target}`;
  tell(`${what} ${run.id}: ${run.mode} ${where} (${run.reason}), in ${folder}`);
}

function wayOn({ folder, run }: OpenRun, { direction, scope }: WalkArguments): string {
  const command = direction === 'undo' ? 'undo' : 'run';
  const part = scope === undefined ? '' : ` --scope ${scope}`;
  const gone = direction === 'undo' && run.clusterGone !== undefined ? ' --cluster-gone' : '';
  return `Continue with: eks-dr ${command} --run ${folder}${part}${gone}`;
}

/** What is undone in part can go on either way. */
function afterScope({ folder }: OpenRun, results: readonly StepResult[]): string[] {
  const isWhole = results.every(({ leftAlone = [] }) => leftAlone.length === 0);
  return [
    `The endpoints lead where they led before${isWhole ? '' : ', but for what was left as it is'}; the recovered cluster still stands.`,
    `Take back the rest with: eks-dr undo --run ${folder}`,
    `Switch again with: eks-dr run --run ${folder}`,
  ];
}
