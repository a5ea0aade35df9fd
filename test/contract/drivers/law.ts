import { expect } from 'chai';
import type { Clients } from '../../../steps/clients/clients.ts';
import { applyPlan } from '../../../steps/kit/applying.ts';
import type { Driver } from '../../../steps/kit/driver.ts';
import type { Engine } from '../../../steps/kit/engine.ts';
import type { ErrorCode } from '../../../steps/kit/errors.ts';
import type { Json } from '../../../steps/kit/json.ts';
import type { Direction } from '../../../steps/kit/plan.ts';
import { planDescription } from '../../../steps/kit/planning.ts';
import { type Change, isWait, type ResourceId } from '../../../steps/kit/resource.ts';
import { comparable } from '../../../steps/kit/secrets.ts';
import { foldPlans, planUndo } from '../../../steps/kit/undo.ts';
import { failure } from '../../failure.ts';
import type { LawWorld } from './world.ts';

/** One desired state; the states of a subject differ from each other. */
export interface LawState {
  readonly desired: Json;
  /** What reading gives, where that is not `desired` itself. Null: the driver has no plain reading of it. */
  readonly reads?: Json;
  /** The same state in other words: nothing is left to do when one of them is desired. */
  readonly spellings?: readonly Json[];
}

/** One resource and what it shall become, one after the other. */
export interface LawSubject {
  readonly id: ResourceId;
  readonly states: readonly LawState[];
  /** Undo is all that deletes it: making it once more would take too long. */
  readonly onlyOnce?: true;
  /** How its undo is refused, where there is no way back. */
  readonly oneWay?: ErrorCode;
}

/** After writing, reading gives the canonical form of what was desired, and a second plan is empty; undo leads back to the start. */
export async function holdLaw(world: LawWorld, driver: Driver<Clients>, { id, states, oneWay, onlyOnce }: LawSubject): Promise<void> {
  const resource = (desired: Json) => ({ kind: driver.kind, id, desired });
  const plan = async (desired: Json): Promise<Change[]> => {
    const items = await planDescription(engineOf(world, driver, 'forward'), [resource(desired)]);
    return items.flat().filter((item): item is Change => !isWait(item));
  };
  const become = async ({ desired, reads = desired, spellings = [] }: LawState): Promise<Change> => {
    const [change, ...others] = await plan(desired);
    if (change === undefined || others.length > 0) throw new Error(`there is nothing to change to ${JSON.stringify(desired)}`);
    await applyPlan(engineOf(world, driver, 'forward'), [[change]]);
    const [look] = await driver.look(world.clients, [change]);
    expect(look?.at, JSON.stringify(look?.now)).to.equal('after');
    if (reads !== null || desired === null) expect(comparable(look?.now ?? null)).to.deep.equal(comparable(reads));
    for (const spelling of [desired, ...spellings]) expect(await plan(spelling), JSON.stringify(spelling)).to.deep.equal([]);
    return change;
  };

  const applied: Change[] = [];
  for (const state of states) applied.push(await become(state));
  const back = async (): Promise<void> => {
    const engine = engineOf(world, driver, 'undo');
    const { items, leftAlone } = await planUndo(engine, foldPlans(applied.map((change) => ({ items: [change] }))));
    expect(leftAlone).to.deep.equal([]);
    await applyPlan(engine, items);
    const again = await planUndo(engine, foldPlans(applied.map((change) => ({ items: [change] }))));
    expect(again.items).to.deep.equal([]);
  };
  if (oneWay !== undefined) {
    await failure(oneWay, back());
    return;
  }
  await back();
  const [first] = states;
  if (first === undefined || applied[0]?.before !== null || onlyOnce === true) return;
  await become(first);
  await become({ desired: null });
}

/** A recovery may change what lies in the run's own places. */
function engineOf({ clients, run }: LawWorld, driver: Driver<Clients>, direction: Direction): Engine<Clients> {
  const { clock, log, signal } = clients;
  const none = (): never => {
    throw new Error('a driver has no waits');
  };
  return { run: { id: run, mode: 'recover' }, direction, clients, clock, log, signal, driver: () => driver, wait: none };
}
