import type * as z from 'zod';
import type { Clock } from './clock.ts';
import type { Driver } from './driver.ts';
import type { Log } from './log.ts';
import type { Change, Description, Wait } from './resource.ts';
import type { Run } from './run.ts';
import type { WaitDefinition } from './wait.ts';

/** What every step is given beside its own inputs. `C`: the clients of the remote systems. */
export interface Surroundings<C> {
  readonly run: Run;
  readonly clients: C;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Something that preflight found. */
export interface Finding {
  readonly severity: 'blocker' | 'warning' | 'note';
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What was seen, where. */
  readonly evidence: string;
  readonly remedy: string;
}

/** One look ahead at what a step will need. Reports everything it finds; throws only when it can't look. */
export interface Check<E, C> {
  readonly id: string;
  readonly title: string;
  run(context: Surroundings<C> & { readonly estate: E }): Promise<readonly Finding[]>;
}

/** Something that a step does to Kubernetes objects of one kind. `resource`: the plural, with a subresource where it is one: `serviceaccounts/token`. */
export interface ClusterRight {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

export type Needs<E, C> = Readonly<Record<string, AnyStep<E, C>>>;

export type OutputsOf<S> = S extends { readonly outputs: z.ZodType<infer O> } ? O : never;

/** What `describe`, `undo` and `finish` see: only the declared parts of the estate, only the outputs of the needs. */
export type StepContext<E, C, N extends Needs<E, C>, R extends keyof E> = Surroundings<C> & {
  readonly estate: Pick<E, R>;
  readonly needs: { readonly [K in keyof N]: OutputsOf<N[K]> };
  /** The records, plans and approvals handed in, for steps that tell about the run as a whole. */
  readonly folder: RunDocuments;
  /** Every step there is, for the one that looks ahead for all of them. */
  readonly allSteps: () => Promise<readonly AnyStep<E, C>[]>;
};

/** What of a run can be undone without the rest. */
export const undoScopes = ['endpoints'] as const;
export type UndoScope = (typeof undoScopes)[number];

/** Every document of the run that was handed in, by kind. */
export interface RunDocuments {
  readonly records: Readonly<Record<string, unknown>>;
  readonly plans: readonly unknown[];
}

export interface StepSpec<E, C, N extends Needs<E, C>, R extends keyof E, O> {
  readonly id: string;
  /** Imperative, in plain words: 'Register the cluster with Argo CD'. */
  readonly title: string;
  /** Steps whose outputs this one uses. */
  readonly needs: N;
  /** Steps that must have ended ok before, though none of their outputs is used. */
  readonly after?: readonly AnyStep<E, C>[];
  /** The parts of the estate this step reads; an edit elsewhere makes nothing stale. */
  readonly reads: readonly R[];
  readonly outputs: z.ZodType<O>;
  /** In which modes the step has a part; in drills and recoveries unless given. */
  readonly modes?: readonly Run['mode'][];
  /** Every kind of resource that `describe` or `undo` may name. None: the step changes nothing, and `describe` returns waits alone. */
  readonly drivers: readonly Driver<C>[];
  readonly waits: readonly WaitDefinition<C>[];
  /** External programs that must be on PATH; the estate may name another. */
  readonly programs?: readonly string[];
  readonly checks: readonly Check<E, C>[];
  /** What its drivers, waits and looks do to objects of the recovered cluster: asked for once that is there, before anything relies on it. */
  readonly onCluster?: readonly ClusterRight[];
  /** What should exist, and what to wait for. Pure but for reads. */
  describe?(context: StepContext<E, C, N, R>): Promise<Description> | Description;
  /** How to go back where swapping every before and after is not the way. `applied`: the folded changes of all applied plans. */
  undo?(context: StepContext<E, C, N, R> & { readonly applied: readonly Change[] }): Promise<Description> | Description;
  /** Its undo may be asked for alone, with that of the others of this scope, and the run goes on afterwards. `endpoints`: it leads users to the new cluster. */
  readonly undoScope?: UndoScope;
  /**
   * What must hold before its undo: looked at when that is planned, and again right before it is applied. `changes`: what is about to be
   * changed; without any it is not asked. Throws what speaks against it.
   */
  beforeUndo?(context: StepContext<E, C, N, R> & { readonly changes: readonly Change[] }): Promise<void> | void;
  /** What an undo that changes something waits for at its end. Where `undo` is given, that says so itself. */
  undoWaits?(applied: readonly Change[]): readonly Wait[];
  /** After everything is applied: the outputs. Throws `unhealthy` when the result does not do. */
  finish(context: StepContext<E, C, N, R>): Promise<O> | O;
  /**
   * The part of the outputs on which later steps depend: when it is the same again, nothing that was made from it is stale. Leaves out
   * moments of reading and the like. Without it: all of them.
   */
  significant?(outputs: O): unknown;
  /** Further documents for people, written beside the record: file name -> text. */
  files?(outputs: O): Readonly<Record<string, string>>;
}

/** A step that drives nothing changes nothing: it has no plan to approve, and nothing to undo. It may wait. */
export function isReadOnly(step: { readonly drivers: readonly unknown[] }): boolean {
  return step.drivers.length === 0;
}

/** Whether a step has a part in the runs of a mode. */
export function takesPart(
  { modes = ['drill', 'recover'] }: { readonly modes?: readonly Run['mode'][] | undefined },
  mode: Run['mode'],
): boolean {
  return modes.includes(mode);
}

/** A step with its inner types forgotten, as lists, graphs and the engine hold it. */
export interface AnyStep<E, C>
  extends Omit<
    StepSpec<E, C, never, never, never>,
    'needs' | 'reads' | 'outputs' | 'describe' | 'undo' | 'beforeUndo' | 'finish' | 'significant' | 'files'
  > {
  readonly needs: Needs<E, C>;
  readonly reads: readonly (keyof E)[];
  readonly outputs: z.ZodType<unknown>;
  describe?(context: never): Promise<Description> | Description;
  undo?(context: never): Promise<Description> | Description;
  beforeUndo?(context: never): Promise<void> | void;
  finish(context: never): unknown;
  significant?(outputs: never): unknown;
  files?(outputs: never): Readonly<Record<string, string>>;
}
