import type * as z from 'zod';
import type { Json } from './json.ts';
import type { Wait } from './resource.ts';

/** What one look of a wait found. */
export type Progress =
  | { readonly done: true }
  /** `reason` is shown to people while they wait. `failed`: waiting on can't help; the step ends with it at once. */
  | { readonly done: false; readonly reason: string; readonly failed?: boolean };

export interface WaitSpec<Args, C> {
  readonly wait: string;
  readonly args: z.ZodType<Args>;
  title(args: Args): string;
  readonly expectedSeconds: number;
  readonly limitSeconds: number;
  /** Seconds between two looks. */
  readonly everySeconds: number;
  readonly only?: 'changes';
  /** One look. `waitedSeconds` counts from the first look of this apply. */
  look(clients: C, args: Args, waitedSeconds: number, memory: WaitMemory): Promise<Progress>;
}

/** What a wait remembers from look to look of one apply, such as since when (in seconds waited) something holds. */
export type WaitMemory = Map<string, number>;

/** The form in which the engine sees a wait. */
export interface WaitDefinition<C> {
  readonly wait: string;
  readonly everySeconds: number;
  look(clients: C, args: Json, waitedSeconds: number, memory?: WaitMemory): Promise<Progress>;
}

/** A definition that also makes the waits it answers for; `limits` overrides its durations. */
export interface WaitMaker<Args, C> extends WaitDefinition<C> {
  for(args: Args, limits?: { readonly expectedSeconds?: number; readonly limitSeconds?: number }): Wait;
}

export function defineWait<Args, C>(spec: WaitSpec<Args, C>): WaitMaker<Args, C> {
  return {
    wait: spec.wait,
    everySeconds: spec.everySeconds,
    look: (clients, args, waitedSeconds, memory = new Map()) => spec.look(clients, spec.args.parse(args), waitedSeconds, memory),
    for: (args, limits = {}) => ({
      wait: spec.wait,
      title: spec.title(args),
      args: args as Json,
      expectedSeconds: limits.expectedSeconds ?? spec.expectedSeconds,
      limitSeconds: limits.limitSeconds ?? spec.limitSeconds,
      ...(spec.only === undefined ? {} : { only: spec.only }),
    }),
  };
}
