import type { Clock } from '../../steps/kit/clock.ts';
import { asEksDrError, catalogue, EksDrError, type ErrorCode, type ErrorRecord, exitStatus } from '../../steps/kit/errors.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import { changesOf, type Direction, type Plan } from '../../steps/kit/plan.ts';
import type { StepRecord } from '../../steps/kit/record.ts';
import type { ResourceId } from '../../steps/kit/resource.ts';
import type { Run } from '../../steps/kit/run.ts';
import { isReadOnly } from '../../steps/kit/step.ts';
import type { Decide } from '../approval/decide.ts';
import { planLines } from '../approval/show.ts';
import { readRecord, writeApproval } from './folder.ts';
import type { Screen } from './screen.ts';
import { screenLine } from './step-lines.ts';
import { errorOfExit, type Phase, runStepProcess, type StepExit } from './step-process.ts';

/** What the runner must know of a step beside its place in the graph. */
export interface RunnableStep {
  readonly id: string;
  readonly title: string;
  readonly drivers: readonly { readonly kind: string; readonly noun: string; label(id: ResourceId): string }[];
}

/** Where and how steps run; the same for all of a run. */
export interface TurnContext {
  readonly folder: string;
  readonly run: Run;
  readonly direction: Direction;
  readonly stepsFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: LogFormat;
  readonly screen: Screen;
  /** How many characters the longest step id has. */
  readonly width: number;
  readonly decide: Decide;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onStart: (pid: number) => void;
  readonly onEnd: (pid: number) => void;
}

/** What a turn did, in numbers. */
export interface TurnEnd {
  readonly changes: number;
  /** Seconds of both phases, on the run's clock, without the wait for an approval. */
  readonly seconds: number;
  readonly asked: boolean;
  /** What an undo did not touch, because others had changed it since. */
  readonly leftAlone?: readonly string[];
}

/** Plans a step, has the plan approved where that is wanted, applies it. Throws the step's own error. */
export async function takeTurn(step: RunnableStep, context: TurnContext): Promise<TurnEnd> {
  if (isReadOnly(step) && context.direction === 'forward') {
    const { timing } = await phase(step, 'apply', context);
    return { changes: 0, seconds: timing.seconds, asked: false };
  }
  const planned = await phase(step, 'plan', context);
  const { plan, approvalNeed } = planned;
  if (plan === null) throw noPlan(step);
  const asked = approvalNeed?.required === true;
  if (asked) await approve(step, plan, planned, context);
  throwIfStopped(step, context);
  const applied = await phase(step, 'apply', context);
  const seconds = planned.timing.seconds + applied.timing.seconds;
  return { changes: changesOf(plan.items).length, seconds, asked, leftAlone: plan.leftAlone.map(({ kind, id }) => nameOf(step, kind, id)) };
}

/** Plans a step and shows the whole plan. What has nothing to change is applied, so that later steps can be planned from its outputs. */
export async function takePlanTurn(step: RunnableStep, context: TurnContext): Promise<TurnEnd> {
  if (isReadOnly(step)) return takeTurn(step, context);
  const { plan, timing } = await phase(step, 'plan', context);
  if (plan === null) throw noPlan(step);
  const { screen } = context;
  const lines = planLines(plan, step.title, { name: (kind, id) => nameOf(step, kind, id), colours: screen.colours, details: true });
  const changes = changesOf(plan.items).length;
  if (changes === 0) await phase(step, 'apply', context);
  else for (const line of lines) screen.line(line);
  return { changes, seconds: timing.seconds, asked: false };
}

function noPlan(step: RunnableStep): EksDrError {
  return new EksDrError('bug', { message: `${step.id} planned, but left no plan in its record.`, target: step.id });
}

async function approve(step: RunnableStep, plan: Plan, { approvalNeed: need }: StepRecord, context: TurnContext): Promise<void> {
  if (need === null) return;
  const { folder, run, screen, decide, clock, signal } = context;
  const show = { name: (kind: string, id: ResourceId) => nameOf(step, kind, id), colours: screen.colours };
  const request = { plan, need, lines: (details: boolean) => planLines(plan, step.title, { ...show, details }) };
  const decision = await screen.alone((line) => {
    throwIfStopped(step, context);
    return decide(request, line, signal);
  });
  const { step: id, attempt, digest } = plan;
  await writeApproval(folder, {
    schema: 1,
    run: run.id,
    step: id,
    attempt,
    digest,
    decision: 'approved',
    ...decision,
    at: clock.timestamp(),
  });
}

function nameOf(step: RunnableStep, kind: string, id: ResourceId): string {
  const driver = step.drivers.find((each) => each.kind === kind);
  return driver === undefined ? `${kind} ${Object.values(id).join(' ')}` : `${driver.noun} ${driver.label(id)}`;
}

function throwIfStopped(step: RunnableStep, { signal }: TurnContext): void {
  if (signal.aborted) throw new EksDrError('interrupted', { message: `Interrupted before ${step.id} was applied.`, target: step.id });
}

/** Runs one phase as a child and reads its record back. */
async function phase(step: RunnableStep, name: Phase, context: TurnContext): Promise<StepRecord> {
  const { folder, stepsFolder, direction, environment, log, screen, width, signal, onStart, onEnd } = context;
  const before = await readRecord(folder, step.id);
  const said: string[] = [];
  const onLine = (line: string): void => {
    said.push(line);
    if (said.length > 20) said.shift();
    // The reason of a failure is told by the runner, with what to do.
    if (isReason(line, step.id)) return;
    screen.line(log === 'json' ? line : screenLine(line, step.id, width, screen.colours));
  };
  const exit = await runStepProcess({
    stepsFolder,
    folder,
    step: step.id,
    phase: name,
    direction,
    log,
    environment,
    signal,
    onLine,
    onStart,
    onEnd,
  });
  const after = await readRecord(folder, step.id).catch((thrown: unknown) => asEksDrError(thrown));
  if (after instanceof EksDrError) throw exit.status === 0 ? after : errorOfExit(step.id, exit);
  const fresh = after !== undefined && after.digest !== before?.digest;
  if (exit.status === 0 && fresh) return after;
  if (fresh && after.error !== null) throw asError(after.error);
  throw refusalSaid(step.id, exit, said) ?? errorOfExit(step.id, exit);
}

/** The error that a record tells of, as an error again. */
function asError({ code, message, remedy, target, also }: ErrorRecord): EksDrError {
  const known: ErrorCode = Object.hasOwn(catalogue, code) ? (code as ErrorCode) : 'bug';
  return new EksDrError(known, { message, remedy, target: target ?? undefined, also: also.map(asError) });
}

function isReason(line: string, step: string): boolean {
  return line.startsWith(`${step}: `) || line.startsWith('  -> ');
}

// A step that refuses its input leaves the record of earlier work alone; its reason stands in its last lines only.
function refusalSaid(step: string, { status }: StepExit, said: readonly string[]): EksDrError | undefined {
  const at = said.findLastIndex((line, index) => line.startsWith(`${step}: `) && said[index + 1]?.startsWith('  -> ') === true);
  if (at === -1) return undefined;
  const category = Object.entries(exitStatus).find(([, number]) => number === status)?.[0];
  const code = (Object.keys(catalogue) as ErrorCode[]).find((each) => catalogue[each].category === category) ?? 'bug';
  return new EksDrError(code, { message: said[at]?.slice(step.length + 2) ?? '', remedy: said[at + 1]?.slice(5), target: step });
}
