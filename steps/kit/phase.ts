import type { ApprovalRule } from './approval.ts';
import type { Clock } from './clock.ts';
import type { Documents } from './documents.ts';
import type { Engine } from './engine.ts';
import { finder } from './keys.ts';
import type { Log } from './log.ts';
import type { Direction, Plan } from './plan.ts';
import type { StepRecord } from './record.ts';
import type { Secrets } from './secrets.ts';
import { estatePart, tiesTo } from './staleness.ts';
import type { AnyStep } from './step.ts';

/** Everything one phase of one step works with. */
export interface PhaseInput<E, C> {
  readonly step: AnyStep<E, C>;
  readonly direction: Direction;
  readonly documents: Documents;
  readonly estate: E & Readonly<Record<string, unknown>>;
  readonly clients: C;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  readonly approvalRule: ApprovalRule;
  readonly allSteps: () => Promise<readonly AnyStep<E, C>[]>;
  /** Name and version of this program. */
  readonly tool: string;
}

/** Where a phase leaves its documents; each is durable when the call returns. */
export interface Sink {
  plan(plan: Plan): Promise<void>;
  record(record: StepRecord): Promise<void>;
  files(files: Readonly<Record<string, string>>): Promise<void>;
}

export function lastAttempt(documents: Documents, step: string): number {
  return Math.max(0, ...documents.plans.filter((plan) => plan.step === step).map(({ attempt }) => attempt));
}

/** The digests of what this step reads now. */
export function tiesOf<E, C>({ step, documents, estate }: PhaseInput<E, C>): ReturnType<typeof tiesTo> {
  const needs = Object.values(step.needs).map(({ id }) => id);
  return tiesTo(documents.records, needs, estate, step.reads.map(String));
}

export function engineOf<E, C>(input: PhaseInput<E, C>): Engine<C> {
  const { step, direction, documents, clients, clock, log, signal } = input;
  const driver = finder(step.drivers, ({ kind }) => kind, 'a resource of kind');
  const wait = finder(step.waits, (entry) => entry.wait, 'a wait');
  return { run: documents.run, direction, clients, clock, log, signal, driver, wait };
}

/** What `describe`, `undo` and `finish` see. The cast back to the step's own types happens here and nowhere else. */
export function contextOf<E, C>(input: PhaseInput<E, C>): never {
  const { step, documents, estate, clients, clock, log, signal, allSteps } = input;
  const needs = Object.entries(step.needs).map(([key, need]) => [key, need.outputs.parse(documents.records[need.id]?.outputs ?? null)]);
  return {
    run: documents.run,
    estate: estatePart(estate, step.reads.map(String)),
    needs: Object.fromEntries(needs) as unknown,
    folder: { records: documents.records, plans: documents.plans },
    allSteps,
    clients,
    clock,
    log,
    signal,
  } as never;
}
