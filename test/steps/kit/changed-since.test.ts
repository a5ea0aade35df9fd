import { expect } from 'chai';
import { applyPlan } from '../../../steps/kit/applying.ts';
import { heedChangesSince, withAttached } from '../../../steps/kit/changed-since.ts';
import type { Engine } from '../../../steps/kit/engine.ts';
import { finder } from '../../../steps/kit/keys.ts';
import { planDescription } from '../../../steps/kit/planning.ts';
import type { Description } from '../../../steps/kit/resource.ts';
import { foldPlans } from '../../../steps/kit/undo.ts';
import { failure } from '../../failure.ts';
import { createMemoryWorld, engineFor, inParts, type MemoryWorld, OWN, thing, valuesOf } from './memory-world.ts';

const FOREIGN = { kind: 'other', detail: 'it is production' } as const;

const described = (values: Readonly<Record<string, string | null>>): Description =>
  Object.entries(values).map(([name, value]) => thing.resource({ name }, value === null ? null : { value }));

async function applied(world: MemoryWorld, wanted: Description) {
  const items = await planDescription(engineFor(world), wanted);
  await applyPlan(engineFor(world), items);
  return { items, completed: true };
}

const undoing = (world: MemoryWorld): Engine<MemoryWorld> => engineFor(world, { direction: 'undo' });

async function wayBack(world: MemoryWorld, wanted: Description, plans: Parameters<typeof foldPlans>[0]) {
  const items = await planDescription(undoing(world), wanted);
  return heedChangesSince(undoing(world), items, { wanted, folded: foldPlans(plans) });
}

const set = (world: MemoryWorld, name: string, value: string) => world.things.set(name, { value, owner: OWN, version: 9 });

describe('the way back that a step describes itself', () => {
  it('asks by itself for what we made and others changed, and for nothing else', async () => {
    const world = createMemoryWorld();
    const plan = await applied(world, described({ a: 'ours', b: 'ours' }));
    set(world, 'a', 'grown');
    const { items, leftAlone } = await wayBack(world, described({ a: null, b: null }), [plan]);
    expect(items.flat()).to.deep.equal([
      { kind: 'memory.thing', id: { name: 'a' }, before: { value: 'grown' }, after: null, changedSince: { value: 'ours' } },
      { kind: 'memory.thing', id: { name: 'b' }, before: { value: 'ours' }, after: null },
    ]);
    expect(leftAlone).to.deep.equal([]);
  });

  it('leaves alone what we only modified and others changed', async () => {
    const world = createMemoryWorld({ a: 'old', b: 'old' });
    const plan = await applied(world, described({ a: 'new', b: 'new' }));
    set(world, 'a', 'foreign');
    const { items, leftAlone } = await wayBack(world, described({ a: 'old', b: 'old' }), [plan]);
    expect(items.flat()).to.deep.equal([{ kind: 'memory.thing', id: { name: 'b' }, before: { value: 'new' }, after: { value: 'old' } }]);
    expect(leftAlone).to.deep.equal([{ kind: 'memory.thing', id: { name: 'a' }, ours: { value: 'new' }, now: { value: 'foreign' } }]);
  });

  it('takes the word of the step for what its plans do not know', async () => {
    const world = createMemoryWorld({ a: 'edited', b: 'ours', c: 'added', d: 'never told of' });
    const wanted = described({ a: null, b: null, c: null, d: null }).map((resource, index) =>
      index === 3 ? resource : { ...(resource as ReturnType<typeof thing.resource>), ours: index === 2 ? null : { value: 'ours' } },
    );
    const { items } = await wayBack(world, wanted, []);
    expect(items.flat().map((item) => ('changedSince' in item ? item.changedSince : 'as it was'))).to.deep.equal([
      { value: 'ours' },
      'as it was',
      null,
      'as it was',
    ]);
  });

  it('calls what a crash of ours left half written, or at an earlier plan, as we left it', async () => {
    const world = createMemoryWorld({ p: JSON.stringify({ value: 'old', label: 'old' }), a: 'old' });
    const half = [inParts.resource({ name: 'p' }, { value: 'new', label: 'new' })];
    const first = await applied(world, [...half, ...described({ a: '2' })]);
    set(world, 'p', JSON.stringify({ value: 'new', label: 'old' }));
    const never = { items: await planDescription(engineFor(world), described({ a: '3' })) };
    const back = [inParts.resource({ name: 'p' }, { value: 'old', label: 'old' }), ...described({ a: 'old' })];
    const { items, leftAlone } = await wayBack(world, back, [first, never]);
    expect(leftAlone).to.deep.equal([]);
    expect(items.flat()).to.have.length(2);
  });
});

describe('what others put on a thing of ours', () => {
  /** A thing on which all things lie whose names go on after its own. */
  const holder = {
    ...thing,
    attached: async (world: MemoryWorld, { name }: Readonly<Record<string, string>>) =>
      [...world.things.keys()].filter((key) => key.startsWith(`${name}/`)).map((key) => thing.resource({ name: key }, null)),
  };
  const holding = (world: MemoryWorld) => ({ ...undoing(world), driver: finder([holder], ({ kind }) => kind, 'a resource of kind') });

  it('goes before it, as a change that asks by itself; what the plan takes off anyway does not', async () => {
    const world = createMemoryWorld({ a: 'ours', 'a/ours': '1', 'a/by-hand': '2', b: 'ours' });
    const items = await planDescription(undoing(world), described({ 'a/ours': null, a: null, b: null }));
    const whole = await withAttached(holding(world), items);
    expect(whole.flat().map((item) => ('id' in item ? [item.id.name, item.changedSince] : []))).to.deep.equal([
      ['a/ours', undefined],
      ['a/by-hand', null],
      ['a', undefined],
      ['b', undefined],
    ]);
    await applyPlan(undoing(world), whole);
    expect(valuesOf(world)).to.deep.equal({});
  });

  it('is not touched by a drill where it is not the drill’s own', async () => {
    const world = createMemoryWorld({ a: 'ours' });
    world.things.set('a/production', { value: '1', owner: FOREIGN, version: 1 });
    const items = await planDescription(undoing(world), described({ a: null }));
    await failure('drill-guard', withAttached(holding(world), items));
  });
});
