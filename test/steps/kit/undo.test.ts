import { expect } from 'chai';
import { applyPlan } from '../../../steps/kit/applying.ts';
import { changesOf } from '../../../steps/kit/plan.ts';
import { planDescription } from '../../../steps/kit/planning.ts';
import type { Description } from '../../../steps/kit/resource.ts';
import { type AppliedPlan, foldPlans, netChanges, planUndo, type UndoPlan } from '../../../steps/kit/undo.ts';
import { createMemoryWorld, engineFor, exists, type MemoryWorld, OWN, thing, valuesOf } from './memory-world.ts';

const describeThings = (values: Readonly<Record<string, string | null>>): Description =>
  Object.entries(values).map(([name, value]) => thing.resource({ name }, value === null ? null : { value }));

async function apply(world: MemoryWorld, values: Readonly<Record<string, string | null>>) {
  const items = await planDescription(engineFor(world), describeThings(values));
  await applyPlan(engineFor(world), items);
  return { items };
}

function undoOf(world: MemoryWorld, plans: readonly AppliedPlan[]): Promise<UndoPlan> {
  return planUndo(engineFor(world, { direction: 'undo' }), foldPlans(plans));
}

describe('undo', () => {
  it('restores what was there before, in reverse order', async () => {
    const world = createMemoryWorld({ a: 'old', b: 'old' });
    const plan = await apply(world, { a: 'new', c: 'new', b: null });
    const undo = await undoOf(world, [plan]);
    expect(undo.items.flat().map((item) => ('id' in item ? item.id.name : ''))).to.deep.equal(['b', 'c', 'a']);
    await applyPlan(engineFor(world, { direction: 'undo' }), undo.items);
    expect(valuesOf(world)).to.deep.equal({ a: 'old', b: 'old' });
  });

  it('goes back over several applied plans to the very first state', async () => {
    const world = createMemoryWorld({ a: '1' });
    const plans = [await apply(world, { a: '2', b: '1' }), await apply(world, { a: '3', b: '2' })];
    await applyPlan(engineFor(world, { direction: 'undo' }), (await undoOf(world, plans)).items);
    expect(valuesOf(world)).to.deep.equal({ a: '1' });
  });

  it('brings back what we changed first and deleted later', async () => {
    const world = createMemoryWorld({ a: '1' });
    const plans = [await apply(world, { a: '2' }), await apply(world, { a: null })];
    const undo = await undoOf(world, plans);
    expect(undo.leftAlone).to.deep.equal([]);
    await applyPlan(engineFor(world, { direction: 'undo' }), undo.items);
    expect(valuesOf(world)).to.deep.equal({ a: '1' });
  });

  it('is empty where everything is as it was before us', async () => {
    const world = createMemoryWorld({ a: 'old' });
    const plan = await apply(world, { a: 'new' });
    world.things.set('a', { value: 'old', owner: OWN, version: 9 });
    expect(await undoOf(world, [plan])).to.deep.equal({ items: [], leftAlone: [] });
  });

  it('leaves alone, and lists, what others changed on a thing we only modified', async () => {
    const world = createMemoryWorld({ a: 'old', b: 'old' });
    const plan = await apply(world, { a: 'new', b: 'new' });
    world.things.set('a', { value: 'foreign', owner: OWN, version: 9 });
    const undo = await undoOf(world, [plan]);
    expect(undo.leftAlone).to.deep.equal([{ kind: 'memory.thing', id: { name: 'a' }, ours: { value: 'new' }, now: { value: 'foreign' } }]);
    await applyPlan(engineFor(world, { direction: 'undo' }), undo.items);
    expect(valuesOf(world)).to.deep.equal({ a: 'foreign', b: 'old' });
  });

  it('shows what changed since on a thing we created, and removes it only as planned', async () => {
    const world = createMemoryWorld();
    const plan = await apply(world, { a: 'ours' });
    world.things.set('a', { value: 'grown', owner: OWN, version: 9 });
    const undo = await undoOf(world, [plan]);
    expect(undo.items.flat()).to.deep.equal([
      { kind: 'memory.thing', id: { name: 'a' }, before: { value: 'grown' }, after: null, changedSince: { value: 'ours' } },
    ]);
    await applyPlan(engineFor(world, { direction: 'undo' }), undo.items);
    expect(valuesOf(world)).to.deep.equal({});
  });

  it('forgets waits, and has nothing to do for what two plans together left unchanged', async () => {
    const world = createMemoryWorld({ a: '1' });
    const plans = [await apply(world, { a: '2' }), await apply(world, { a: '1' })];
    expect(netChanges([...plans, { items: [[exists.for({ name: 'a' })]] }])).to.deep.equal([]);
    expect(await undoOf(world, plans)).to.deep.equal({ items: [], leftAlone: [] });
  });

  it('takes back what an earlier plan left where the last one never came to it', async () => {
    for (const last of ['1', '3', null]) {
      const world = createMemoryWorld({ a: '1' });
      const first = await apply(world, { a: '2', b: '2' });
      const never = { items: await planDescription(engineFor(world), describeThings({ a: last, b: '3' })) };
      const undo = await undoOf(world, [first, never]);
      expect(undo.leftAlone).to.deep.equal([]);
      expect(changesOf(undo.items).map(({ changedSince }) => changedSince)).to.deep.equal([undefined, undefined]);
      await applyPlan(engineFor(world, { direction: 'undo' }), undo.items);
      expect(valuesOf(world)).to.deep.equal({ a: '1' });
    }
  });

  it('leaves alone what others set back to an earlier state of ours, once the last plan was applied to its end', async () => {
    const world = createMemoryWorld({ a: '1' });
    const plans = [await apply(world, { a: '2' }), await apply(world, { a: '3' })];
    world.things.set('a', { value: '2', owner: OWN, version: 9 });
    const undo = await undoOf(
      world,
      plans.map((plan) => ({ ...plan, completed: true })),
    );
    expect(undo.items).to.deep.equal([]);
    expect(undo.leftAlone).to.have.lengthOf(1);
  });

  it('does not take for its own what others had left when the last plan was made', async () => {
    const world = createMemoryWorld({ a: '1' });
    const first = await apply(world, { a: '2' });
    world.things.set('a', { value: 'foreign', owner: OWN, version: 9 });
    const never = { items: await planDescription(engineFor(world), describeThings({ a: '3' })) };
    const undo = await undoOf(world, [first, never]);
    expect(undo.items).to.deep.equal([]);
    expect(undo.leftAlone).to.have.lengthOf(1);
  });

  it('can be planned again after it was interrupted', async () => {
    const world = createMemoryWorld({ a: 'old', b: 'old' });
    const plan = await apply(world, { a: 'new', b: 'new' });
    const undo = await undoOf(world, [plan]);
    await applyPlan(engineFor(world, { direction: 'undo' }), undo.items.slice(0, 1));
    const again = await undoOf(world, [plan]);
    expect(again.items).to.have.lengthOf(1);
    await applyPlan(engineFor(world, { direction: 'undo' }), again.items);
    expect(valuesOf(world)).to.deep.equal({ a: 'old', b: 'old' });
  });
});
