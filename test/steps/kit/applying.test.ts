import { expect } from 'chai';
import { applyPlan } from '../../../steps/kit/applying.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { planDescription } from '../../../steps/kit/planning.ts';
import type { Description } from '../../../steps/kit/resource.ts';
import { failure } from '../../failure.ts';
import {
  createMemoryWorld,
  engineFor,
  exists,
  grouped,
  inParts,
  type MemoryWorld,
  OWN,
  silentLog,
  thing,
  valuesOf,
} from './memory-world.ts';

const things = (values: Readonly<Record<string, string | null>>): Description => [
  Object.entries(values).map(([name, value]) => thing.resource({ name }, value === null ? null : { value })),
];
const groupedThings = (values: Readonly<Record<string, string>>): Description => [
  Object.entries(values).map(([name, value]) => grouped.resource({ name }, { value })),
];

async function planAndApply(world: MemoryWorld, description: Description): Promise<void> {
  const engine = engineFor(world);
  await applyPlan(engine, await planDescription(engine, description));
}

describe('apply', () => {
  it('creates, updates and deletes what the plan says, and leaves the rest', async () => {
    const world = createMemoryWorld({ kept: '1', changed: '1', removed: '1' });
    await planAndApply(world, things({ added: '1', changed: '2', removed: null }));
    expect(valuesOf(world)).to.deep.equal({ added: '1', changed: '2', kept: '1' });
  });

  it('writes nothing the second time', async () => {
    const world = createMemoryWorld();
    const engine = engineFor(world);
    const items = await planDescription(engine, things({ a: '1', b: '1' }));
    await applyPlan(engine, items);
    await applyPlan(engine, items);
    expect(world.writes).to.have.members(['a', 'b']).and.lengthOf(2);
  });

  it('goes on where it was interrupted', async () => {
    const world = createMemoryWorld();
    const engine = engineFor(world);
    const items = await planDescription(engine, [
      thing.resource({ name: 'a' }, { value: '1' }),
      thing.resource({ name: 'b' }, { value: '1' }),
    ]);
    const controller = new AbortController();
    world.afterWrite = () => controller.abort();
    await failure('interrupted', applyPlan({ ...engine, signal: controller.signal }, items));
    expect(valuesOf(world)).to.deep.equal({ a: '1' });
    await applyPlan(engine, items);
    expect(valuesOf(world)).to.deep.equal({ a: '1', b: '1' });
  });

  it('reports drift with all three states and overwrites nothing', async () => {
    const world = createMemoryWorld({ a: 'old' });
    const engine = engineFor(world);
    const items = await planDescription(engine, things({ a: 'new' }));
    world.things.set('a', { value: 'foreign', owner: { kind: 'run', run: 'drill-1' }, version: 9 });
    const error = await failure('drift', applyPlan(engine, items));
    expect(error.message).to.include('old').and.include('new').and.include('foreign');
    expect(valuesOf(world)).to.deep.equal({ a: 'foreign' });
  });

  describe('a write of several requests', () => {
    const first = { value: '1', label: 'old' };
    const then = { value: '2', label: 'new' };
    const worldWith = (state: typeof first) => createMemoryWorld({ a: JSON.stringify(state) });

    it('is written again, all of it, where it was cut short by a system that was away', async () => {
      const world = worldWith(first);
      const cuts = ['after the first request'];
      world.afterWrite = () => {
        if (cuts.pop() !== undefined) throw new EksDrError('remote-unavailable', { message: 'cut' });
      };
      await planAndApply(world, [inParts.resource({ name: 'a' }, then)]);
      expect(valuesOf(world)).to.deep.equal({ a: JSON.stringify(then) });
      expect(world.writes).to.have.length(3);
    });

    it('goes on by the same plan where the process was killed half way', async () => {
      const world = worldWith(first);
      const engine = engineFor(world);
      const items = await planDescription(engine, [inParts.resource({ name: 'a' }, then)]);
      world.things.set('a', { value: JSON.stringify({ ...first, value: '2' }), owner: OWN, version: 2 });
      await applyPlan(engine, items);
      expect(valuesOf(world)).to.deep.equal({ a: JSON.stringify(then) });
    });

    it('is drift where any field is neither as before nor as after', async () => {
      const world = worldWith(first);
      const engine = engineFor(world);
      const items = await planDescription(engine, [inParts.resource({ name: 'a' }, then)]);
      world.things.set('a', { value: JSON.stringify({ value: '2', label: 'foreign' }), owner: OWN, version: 2 });
      await failure('drift', applyPlan(engine, items));
    });
  });

  it('calls it drift, not a matter of the guard, when what was to be changed is gone', async () => {
    const world = createMemoryWorld({ a: 'old', b: 'old' });
    const engine = engineFor(world);
    const items = await planDescription(engine, things({ a: 'new', b: 'new' }));
    world.things.delete('a');
    const error = await failure('drift', applyPlan(engine, items));
    expect(error.message).to.include('found nothing');
    expect(valuesOf(world)).to.deep.equal({ b: 'new' });
  });

  it('stops a whole group when one of its members drifted, and lets other groups go on', async () => {
    const world = createMemoryWorld({ a1: 'old', a2: 'old', b1: 'old' });
    const engine = engineFor(world);
    const items = await planDescription(engine, groupedThings({ a1: 'new', a2: 'new', b1: 'new' }));
    world.things.set('a2', { value: 'foreign', owner: { kind: 'run', run: 'drill-1' }, version: 9 });
    await failure('drift', applyPlan(engine, items));
    expect(valuesOf(world)).to.deep.equal({ a1: 'old', a2: 'foreign', b1: 'new' });
  });

  it('splits a group into batches of what one write may carry', async () => {
    const world = createMemoryWorld();
    const sizes: number[] = [];
    const counting: typeof grouped = {
      ...grouped,
      write(clients, writes) {
        sizes.push(writes.length);
        return grouped.write(clients, writes);
      },
    };
    const engine = engineFor(world, { driver: () => counting });
    await applyPlan(engine, await planDescription(engine, groupedThings({ a1: '1', a2: '1', a3: '1', a4: '1', a5: '1' })));
    expect(sizes).to.deep.equal([2, 2, 1]);
  });

  it('treats a write that took effect before the connection was cut as done', async () => {
    const world = createMemoryWorld();
    let cut = true;
    world.afterWrite = () => {
      if (cut) {
        cut = false;
        throw new EksDrError('remote-unavailable', { message: 'The connection was cut.' });
      }
    };
    await planAndApply(world, things({ a: '1' }));
    expect(world.writes).to.deep.equal(['a']);
  });

  it('tries again while the system is unavailable, then gives up with its error', async () => {
    const world = createMemoryWorld();
    let tries = 0;
    world.beforeWrite = () => {
      tries += 1;
      throw new EksDrError('remote-unavailable', { message: 'The system is away.' });
    };
    await failure('remote-unavailable', planAndApply(world, things({ a: '1' })));
    expect(tries).to.be.greaterThan(1);
    expect(valuesOf(world)).to.deep.equal({});
  });

  it('turns a foreign write between looking and writing into drift', async () => {
    const world = createMemoryWorld({ a: 'old' });
    world.beforeWrite = (name) => {
      world.things.set(name, { value: 'foreign', owner: { kind: 'run', run: 'drill-1' }, version: 9 });
    };
    await failure('drift', planAndApply(world, things({ a: 'new' })));
    expect(valuesOf(world)).to.deep.equal({ a: 'foreign' });
  });

  it('does not retry what the system refuses', async () => {
    const world = createMemoryWorld();
    let tries = 0;
    world.beforeWrite = () => {
      tries += 1;
      throw new EksDrError('permission-denied', { message: 'thing:Put is not allowed.' });
    };
    await failure('permission-denied', planAndApply(world, things({ a: '1' })));
    expect(tries).to.equal(1);
  });

  it('gathers the errors of a wave, the gravest first, after all of it has run', async () => {
    const world = createMemoryWorld();
    world.beforeWrite = (name) => {
      if (name === 'a') throw new EksDrError('remote-refused', { message: 'a is refused.' });
      if (name === 'b') throw new EksDrError('permission-denied', { message: 'b is not allowed.' });
    };
    const error = await failure('permission-denied', planAndApply(world, things({ a: '1', b: '1', c: '1' })));
    expect(error.also.map(({ code }) => code)).to.deep.equal(['remote-refused']);
    expect(valuesOf(world)).to.deep.equal({ c: '1' });
  });

  it('says so when a write does not become visible', async () => {
    const world = createMemoryWorld();
    const engine = engineFor(world, { driver: () => ({ ...thing, write: async () => undefined }) });
    const error = await failure('not-visible-yet', applyPlan(engine, await planDescription(engine, things({ a: '1' }))));
    expect(error.message).to.include('found nothing');
  });

  it('starts no wave before the one before it is complete', async () => {
    const world = createMemoryWorld();
    world.beforeWrite = (name) => {
      if (name === 'a') throw new EksDrError('remote-refused', { message: 'a is refused.' });
    };
    await failure(
      'remote-refused',
      planAndApply(world, [thing.resource({ name: 'a' }, { value: '1' }), thing.resource({ name: 'b' }, { value: '1' })]),
    );
    expect(valuesOf(world)).to.deep.equal({});
  });
});

describe('a wait in a plan', () => {
  it('ends with the last reason when its limit is reached', async () => {
    const error = await failure('wait-timed-out', planAndApply(createMemoryWorld(), [exists.for({ name: 'a' })]));
    expect(error.message).to.include('there is no a').and.include('20 s');
  });

  it('says every minute that it still waits', async () => {
    const lines: string[] = [];
    const log = { ...silentLog, info: (line: string) => void lines.push(line) };
    const wait = { ...exists.for({ name: 'a' }), limitSeconds: 150 };
    await failure('wait-timed-out', applyPlan(engineFor(createMemoryWorld(), { log }), [wait]));
    expect(lines.length).to.be.within(2, 3);
  });

  it('is over at once when what it waits for is there', async () => {
    await planAndApply(createMemoryWorld({ a: '1' }), [exists.for({ name: 'a' })]);
  });

  it('waits on while the system is unavailable', async () => {
    const world = createMemoryWorld({ a: '1' });
    let away = 3;
    const engine = engineFor(world, {
      wait: () => ({
        ...exists,
        look: async (clients, args, waited) => {
          away -= 1;
          if (away > 0) throw new EksDrError('remote-unavailable', { message: 'The system is away.' });
          return exists.look(clients, args, waited);
        },
      }),
    });
    await applyPlan(engine, [exists.for({ name: 'a' })]);
    expect(away).to.equal(0);
  });

  it('ends at once when what it waits for has failed for good', async () => {
    const engine = engineFor(createMemoryWorld(), {
      wait: () => ({ ...exists, look: async () => ({ done: false, reason: 'it is broken', failed: true }) }),
    });
    const error = await failure('unhealthy', applyPlan(engine, [exists.for({ name: 'a' })]));
    expect(error.message).to.include('it is broken');
  });

  it('is aborted by the signal', async () => {
    const controller = new AbortController();
    controller.abort();
    await failure('interrupted', applyPlan(engineFor(createMemoryWorld(), { signal: controller.signal }), [exists.for({ name: 'a' })]));
  });
});
