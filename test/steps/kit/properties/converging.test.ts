import { expect } from 'chai';
import fc from 'fast-check';
import { planDigest } from '../../../../steps/kit/plan.ts';
import { check } from './model/check.ts';
import { apply, applyInTheEnd, type Life, plan, well } from './model/process.ts';
import { lives, mishapsAt, type Scene, scenes, swappingKinds, worldOf } from './model/scenes.ts';
import { keyFor, type ModelWorld, picture } from './model/world.ts';

const lifeOf = ({ mode, seed }: Scene): Life => ({ mode, seed, direction: 'forward' });

/** Plans and applies the descriptions, one after another, undisturbed: the world, and how many requests each apply took. */
async function undisturbed(scene: Scene): Promise<{ world: ModelWorld; requests: number[] }> {
  const world = worldOf(scene);
  const requests: number[] = [];
  for (const description of scene.descriptions) {
    const items = await plan(world, lifeOf(scene), description);
    const outcome = await apply(world, lifeOf(scene), items);
    well(outcome);
    requests.push(outcome.requests);
  }
  return { world, requests };
}

describe('applying any plan to any world', function () {
  this.timeout(120_000);

  it('is done after once: a second time writes nothing, and a new plan is empty', () =>
    check(
      fc.asyncProperty(scenes({ most: 1 }), async (scene) => {
        const world = worldOf(scene);
        const [description = []] = scene.descriptions;
        const items = await plan(world, lifeOf(scene), description);
        well(await apply(world, lifeOf(scene), items));
        const [there, written] = [picture(world), world.effects.length];
        well(await apply(world, lifeOf(scene), items));
        expect(picture(world)).to.deep.equal(there);
        expect(world.effects).to.have.lengthOf(written);
        const again = await plan(world, lifeOf(scene), description);
        expect(planDigest(again)).to.equal(planDigest([]));
      }),
      300,
    ));

  it('comes to the same end however often it is interrupted, and writes nothing twice where the system compares', () =>
    check(
      fc.asyncProperty(scenes({ most: 1 }), lives, async (scene, disturbances) => {
        const wanted = await undisturbed(scene);
        const world = worldOf(scene);
        const items = await plan(world, lifeOf(scene), scene.descriptions[0] ?? []);
        const mishaps = disturbances.map((moments) => mishapsAt(moments, wanted.requests[0] ?? 0));
        await applyInTheEnd(world, lifeOf(scene), items, mishaps);
        expect(picture(world)).to.deep.equal(picture(wanted.world));
        const compared = world.effects.filter(({ kind }) => swappingKinds.includes(kind)).map(keyFor);
        expect(compared).to.deep.equal([...new Set(compared)]);
      }),
      500,
    ));

  it('comes to the same end when every attempt is planned anew', () =>
    check(
      fc.asyncProperty(scenes({ most: 3 }), lives, async (scene, disturbances) => {
        const wanted = await undisturbed(scene);
        const world = worldOf(scene);
        for (const [index, description] of scene.descriptions.entries()) {
          for (const moments of [...disturbances, []]) {
            const items = await plan(world, lifeOf(scene), description);
            const outcome = await apply(world, { ...lifeOf(scene), mishaps: mishapsAt(moments, wanted.requests[index] ?? 0) }, items);
            if (moments.length === 0) well(outcome);
          }
        }
        expect(picture(world)).to.deep.equal(picture(wanted.world));
      }),
      200,
    ));

  it('sends no write once it was asked to stop, and goes on from there', () =>
    check(
      fc.asyncProperty(scenes({ most: 1 }), fc.nat(999), async (scene, part) => {
        const wanted = await undisturbed(scene);
        const world = worldOf(scene);
        const items = await plan(world, lifeOf(scene), scene.descriptions[0] ?? []);
        const mishaps = mishapsAt([{ part, what: 'abort' }], wanted.requests[0] ?? 0);
        const stopped = await apply(world, { ...lifeOf(scene), mishaps }, items);
        if (stopped.ended === 'with') expect(stopped.error.code).to.equal('interrupted');
        well(await apply(world, lifeOf(scene), items));
        expect(picture(world)).to.deep.equal(picture(wanted.world));
      }),
      300,
    ));
});
