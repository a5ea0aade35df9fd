import { expect } from 'chai';
import fc from 'fast-check';
import { changesOf } from '../../../../steps/kit/plan.ts';
import { planDescription } from '../../../../steps/kit/planning.ts';
import { check } from './model/check.ts';
import { edits, editsOf } from './model/edits.ts';
import { apply, type Life, live, plan } from './model/process.ts';
import { type Scene, scenes, worldOf } from './model/scenes.ts';
import { containerOf, editByOthers, entryAt, keyFor, type ModelWorld, ownerOf, picture, record } from './model/world.ts';

const lifeOf = ({ mode, seed }: Scene): Life => ({ mode, seed, direction: 'forward' });
const thingOf = (change: { kind: string; id: Readonly<Record<string, string>> }) => ({ kind: change.kind, name: change.id.name ?? '' });

/** Takes the mark of the run off a thing: it is production's now, whatever it holds. */
function disown(world: ModelWorld, thing: { kind: string; name: string }): void {
  const content = entryAt(world, thing)?.content ?? null;
  if (content !== null) record(world, thing, { content, run: null, by: 'others' });
}

describe('the guard, in any drill', function () {
  this.timeout(120_000);

  it('refuses a plan with anything in it that is not the drill’s own, and nothing else', () =>
    check(
      fc.asyncProperty(scenes({ most: 1 }), fc.array(fc.nat(20), { maxLength: 3 }), async (scene, positions) => {
        const drill: Scene = { ...scene, mode: 'drill', start: scene.start.map((thing) => ({ ...thing, run: 'run-1' })), lag: 0 };
        const world = worldOf(drill);
        const description = drill.descriptions[0] ?? [];
        const changes = changesOf(await plan(world, lifeOf(drill), description));
        for (const position of positions) {
          const change = changes[position % Math.max(1, changes.length)];
          if (change !== undefined) disown(world, thingOf(change));
        }
        const foreign = changes.filter((change) => ownerOf(change.id.name ?? '', entryAt(world, thingOf(change))).kind === 'other');
        const outcome = await live(world, lifeOf(drill), null, (engine) => planDescription(engine, description));
        if (foreign.length === 0) return void expect(outcome.ended).to.equal('well');
        if (outcome.ended !== 'with') throw new Error(`the plan ended ${outcome.ended}`);
        const refusals = [outcome.error, ...outcome.error.also];
        expect(refusals.map(({ code }) => code)).to.deep.equal(foreign.map(() => 'drill-guard'));
        expect(refusals.map(({ target }) => target)).to.have.members(foreign.map((change) => keyFor(thingOf(change))));
      }),
      300,
    ));

  it('lets no change through to what has become production’s since it was planned', () =>
    check(
      fc.asyncProperty(scenes({ most: 1 }), edits, fc.nat(20), async (scene, chosen, position) => {
        const drill: Scene = { ...scene, mode: 'drill', start: scene.start.map((thing) => ({ ...thing, run: 'run-1' })) };
        const world = worldOf(drill);
        const items = await plan(world, lifeOf(drill), drill.descriptions[0] ?? []);
        const changes = changesOf(items);
        for (const edit of editsOf(chosen, changes)) editByOthers(world, edit);
        const change = changes[position % Math.max(1, changes.length)];
        if (change === undefined) return;
        disown(world, thingOf(change));
        await world.clock.sleep(world.lag);
        const key = keyFor(thingOf(change));
        const there = picture(world)[key];
        await apply(world, lifeOf(drill), items);
        const owned = containerOf(change.id.name ?? '') === 's' || there === undefined;
        if (!owned) expect(picture(world)[key]).to.equal(there);
      }),
      300,
    ));
});
