import { applyPlan } from '../../../../../steps/kit/applying.ts';
import type { Engine } from '../../../../../steps/kit/engine.ts';
import { asEksDrError, type EksDrError } from '../../../../../steps/kit/errors.ts';
import { finder } from '../../../../../steps/kit/keys.ts';
import type { Direction, PlanItem, PlanItems } from '../../../../../steps/kit/plan.ts';
import { planDescription } from '../../../../../steps/kit/planning.ts';
import type { Description } from '../../../../../steps/kit/resource.ts';
import { type AppliedPlan, foldPlans, planUndo, type UndoPlan } from '../../../../../steps/kit/undo.ts';
import { silentLog } from '../../memory-world.ts';
import { type ModelClients, modelDrivers, modelSecrets, stateOf } from './drivers.ts';
import type { Mishap } from './mishaps.ts';
import { createSession, LONGEST_REQUEST_SECONDS } from './session.ts';
import { pause } from './waits.ts';
import { createWatch } from './watch.ts';
import { type ModelWorld, RUN, type ThingName } from './world.ts';

export type Mode = 'drill' | 'recover';

/** In what one process lives. */
export interface Life {
  readonly mode: Mode;
  readonly direction: Direction;
  readonly seed: number;
  readonly mishaps?: readonly Mishap[];
}

/** How a life ended. */
export type End<T> =
  | { readonly ended: 'well'; readonly value: T }
  | { readonly ended: 'with'; readonly error: EksDrError }
  | { readonly ended: 'killed' };

export type Outcome<T> = End<T> & {
  readonly requests: number;
  /** What was written over changes of others that no look could have shown. */
  readonly unseen: readonly ThingName[];
};

const driver = finder(modelDrivers, ({ kind }) => kind, 'a resource of kind');
const wait = finder([pause], (each) => each.wait, 'a wait');

/** Lives the life of one process. Throws when it did what the engine promises never to do. */
export async function live<T>(
  world: ModelWorld,
  { mode, direction, seed, mishaps = [] }: Life,
  items: PlanItems | null,
  work: (engine: Engine<ModelClients>) => Promise<T>,
): Promise<Outcome<T>> {
  const session = createSession(world, seed, mishaps);
  const { signal } = session;
  const watch = createWatch({ world, mode, direction, items, signal, driver, stateOf: (thing, moment) => stateOf(world, thing, moment) });
  const clients: ModelClients = { session, watch, secrets: modelSecrets };
  const { clock } = world;
  const engine: Engine<ModelClients> = { run: { id: RUN, mode }, direction, clients, clock, log: silentLog, signal, driver, wait };
  const worked = work(engine).then(
    (value): End<T> => ({ ended: 'well', value }),
    (thrown: unknown): End<T> => ({ ended: 'with', error: asEksDrError(thrown) }),
  );
  const end = await Promise.race([worked, session.died.then((): End<T> => ({ ended: 'killed' }))]);
  // What was under way arrives, or never will.
  await clock.sleep(LONGEST_REQUEST_SECONDS);
  if (watch.offences.length > 0) throw new Error(watch.offences.join('\n'));
  if (end.ended === 'with' && end.error.category === 'bug') throw end.error;
  return { ...end, requests: session.count(), unseen: watch.unseen };
}

/** Plans once reading has caught up with writing. */
export async function plan(world: ModelWorld, life: Life, description: Description): Promise<PlanItem[][]> {
  await world.clock.sleep(world.lag + 1);
  return well(await live(world, life, null, (engine) => planDescription(engine, description)));
}

export function apply(world: ModelWorld, life: Life, items: PlanItems): Promise<Outcome<void>> {
  return live(world, life, items, (engine) => applyPlan(engine, items));
}

export async function planBack(world: ModelWorld, life: Life, plans: readonly AppliedPlan[]): Promise<UndoPlan> {
  await world.clock.sleep(world.lag + 1);
  return well(await live(world, { ...life, direction: 'undo' }, null, (engine) => planUndo(engine, foldPlans(plans))));
}

/** The value of a process that is expected to end well. */
export function well<T>(outcome: End<T>): T {
  if (outcome.ended === 'well') return outcome.value;
  throw outcome.ended === 'with' ? outcome.error : new Error('the process was killed');
}

/** Lives one life after another, the last of them undisturbed, until the plan is applied. */
export async function applyInTheEnd(world: ModelWorld, life: Life, items: PlanItems, lives: readonly (readonly Mishap[])[]): Promise<void> {
  for (const mishaps of lives) {
    const outcome = await apply(world, { ...life, mishaps }, items);
    if (outcome.ended === 'well') return;
  }
  well(await apply(world, life, items));
}
