import { expect } from 'chai';
import { changesOf, planDigest, waitsOf } from '../../../steps/kit/plan.ts';
import { planDescription } from '../../../steps/kit/planning.ts';
import type { Owner } from '../../../steps/kit/resource.ts';
import { failure } from '../../failure.ts';
import { createMemoryWorld, engineFor, exists, thing } from './memory-world.ts';

const a = thing.resource({ name: 'a' }, { value: '1' });
const b = thing.resource({ name: 'b' }, { value: '1' });
const production: Owner = { kind: 'other', detail: 'it carries no run tag' };

describe('a plan', () => {
  it('is empty when everything is as described', async () => {
    expect(await planDescription(engineFor(createMemoryWorld({ a: '1' })), [a])).to.deep.equal([]);
  });

  it('keeps the order of the description and which items run at once', async () => {
    const items = await planDescription(engineFor(createMemoryWorld()), [b, [a, exists.for({ name: 'c' })]]);
    expect(items.map((wave) => wave.length)).to.deep.equal([1, 2]);
    expect(changesOf(items).map(({ id }) => id.name)).to.deep.equal(['b', 'a']);
  });

  it('holds the state before and after of each change', async () => {
    const [change] = changesOf(await planDescription(engineFor(createMemoryWorld({ a: 'old' })), [a]));
    expect(change).to.deep.equal({ kind: 'memory.thing', id: { name: 'a' }, before: { value: 'old' }, after: { value: '1' } });
  });

  it('drops a wait that is only for changes when nothing changes', async () => {
    const wait = { ...exists.for({ name: 'a' }), only: 'changes' as const };
    expect(waitsOf(await planDescription(engineFor(createMemoryWorld({ a: '1' })), [a, wait]))).to.have.lengthOf(0);
    expect(waitsOf(await planDescription(engineFor(createMemoryWorld()), [a, wait]))).to.have.lengthOf(1);
  });

  it('has a digest over the changes alone, in order', async () => {
    const engine = engineFor(createMemoryWorld());
    const one = await planDescription(engine, [a, b]);
    const withWait = await planDescription(engine, [exists.for({ name: 'x' }), [a, b]]);
    const otherOrder = await planDescription(engine, [b, a]);
    expect(planDigest(one)).to.equal(planDigest(withWait));
    expect(planDigest(one)).to.not.equal(planDigest(otherOrder));
  });

  it('refuses a description that names a resource twice', async () => {
    await failure('bug', planDescription(engineFor(createMemoryWorld()), [a, a]));
  });
});

describe('the drill guard', () => {
  it('refuses to change what is not the drill’s own, and names every such object', async () => {
    const world = createMemoryWorld({ a: 'old', b: 'old' }, production);
    const error = await failure('drill-guard', planDescription(engineFor(world), [a, b]));
    expect([error, ...error.also].map(({ message }) => message).join())
      .to.include('memory.thing a')
      .and.include('memory.thing b')
      .and.include('no run tag');
  });

  it('refuses what belongs to another drill', async () => {
    await failure('drill-guard', planDescription(engineFor(createMemoryWorld({ a: 'old' }, { kind: 'run', run: 'drill-2' })), [a]));
  });

  it('lets pass what is new, own, or in a place for drills', async () => {
    const scoped = createMemoryWorld({ a: 'old' }, { kind: 'drill-scope', scope: 'drill' });
    expect(changesOf(await planDescription(engineFor(scoped), [a, b]))).to.have.lengthOf(2);
  });

  it('does not stand in the way of a recovery', async () => {
    const engine = engineFor(createMemoryWorld({ a: 'old' }, production), { run: { id: 'recover-1', mode: 'recover' } });
    expect(changesOf(await planDescription(engine, [a]))).to.have.lengthOf(1);
  });

  it('refuses a forward plan of a recovery that deletes what the run did not create', async () => {
    const engine = engineFor(createMemoryWorld({ a: 'old' }, production), { run: { id: 'recover-1', mode: 'recover' } });
    await failure('drill-guard', planDescription(engine, [thing.resource({ name: 'a' }, null)]));
  });
});
