import type { Clients } from './clients/clients.ts';
import type { Estate } from './estate/estate.ts';
import type * as kit from './kit/step.ts';

/** A step of this project: the kit's step with our estate and our clients. */
export type Step = kit.AnyStep<Estate, Clients>;

/** What a check may read: everything but what only the runner and the report use, so that editing those makes no preflight stale. */
export type CheckedEstate = Omit<Estate, 'schema' | 'defaultTarget' | 'approvals' | 'rto'>;

export type Check = kit.Check<CheckedEstate, Clients>;

export type StepContext<N extends kit.Needs<Estate, Clients>, R extends keyof Estate> = kit.StepContext<Estate, Clients, N, R>;

/** Declares a step; its inputs and outputs are inferred from `needs`, `reads` and `outputs`. */
export function defineStep<N extends kit.Needs<Estate, Clients>, const R extends keyof Estate, O>(
  spec: kit.StepSpec<Estate, Clients, N, R, O>,
): kit.StepSpec<Estate, Clients, N, R, O> {
  return spec;
}
