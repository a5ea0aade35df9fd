import { expect } from 'chai';
import fc from 'fast-check';
import { approvalNeedFor } from '../../../../steps/kit/approval.ts';
import { sameJson } from '../../../../steps/kit/json.ts';
import { keyOf } from '../../../../steps/kit/keys.ts';
import { changesOf, type PlanItems, waves } from '../../../../steps/kit/plan.ts';
import { planDescription } from '../../../../steps/kit/planning.ts';
import type { Change } from '../../../../steps/kit/resource.ts';
import { comparable } from '../../../../steps/kit/secrets.ts';
import type { AppliedPlan } from '../../../../steps/kit/undo.ts';
import { check } from './model/check.ts';
import { stateOf } from './model/drivers.ts';
import { edits, editsOf } from './model/edits.ts';
import { apply, applyInTheEnd, type Life, live, plan, planBack, well } from './model/process.ts';
import { lives, type Moment, mishapsAt, type Scene, scenes, worldOf } from './model/scenes.ts';
import { editByOthers, type ModelWorld, picture } from './model/world.ts';

const lifeOf = ({ mode, seed }: Scene, direction: Life['direction']): Life => ({ mode, seed, direction });

/** Enough requests that a disturbance at any part of them meets most processes of these scenes. */
const REQUESTS = 40;

/** Plans and applies every description once; what befalls the applies ends some of them early. */
async function applyOnce(scene: Scene, world: ModelWorld, disturbances: readonly (readonly Moment[])[]): Promise<AppliedPlan[]> {
  const plans: AppliedPlan[] = [];
  for (const [index, description] of scene.descriptions.entries()) {
    const items = await plan(world, lifeOf(scene, 'forward'), description);
    const mishaps = mishapsAt(disturbances[index] ?? [], REQUESTS);
    const outcome = await apply(world, { ...lifeOf(scene, 'forward'), mishaps }, items);
    plans.push({ items, completed: outcome.ended === 'well' });
  }
  return plans;
}

describe('undoing what was applied to any world', function () {
  this.timeout(120_000);

  it('brings back what was there before', () =>
    check(
      fc.asyncProperty(scenes({ most: 3 }), async (scene) => {
        const world = worldOf(scene);
        const before = picture(world);
        const plans = await applyOnce(scene, world, []);
        const back = await planBack(world, lifeOf(scene, 'undo'), plans);
        expect(back.leftAlone).to.deep.equal([]);
        well(await apply(world, lifeOf(scene, 'undo'), back.items));
        expect(picture(world)).to.deep.equal(before);
        expect(await planBack(world, lifeOf(scene, 'undo'), plans)).to.deep.equal({ items: [], leftAlone: [] });
      }),
      300,
    ));

  it('brings it back after attempts that ended anywhere, whatever befalls the undo itself, planned once or anew', () =>
    check(
      fc.asyncProperty(scenes({ most: 3 }), lives, lives, fc.boolean(), async (scene, disturbances, backwards, anew) => {
        const world = worldOf(scene);
        const before = picture(world);
        const plans = await applyOnce(scene, world, disturbances);
        const back = await planBack(world, lifeOf(scene, 'undo'), plans);
        expect(back.leftAlone).to.deep.equal([]);
        const mishaps = backwards.map((moments) => mishapsAt(moments, REQUESTS));
        if (anew) {
          for (const each of mishaps) {
            const { items } = await planBack(world, lifeOf(scene, 'undo'), plans);
            await apply(world, { ...lifeOf(scene, 'undo'), mishaps: each }, items);
          }
          well(await apply(world, lifeOf(scene, 'undo'), (await planBack(world, lifeOf(scene, 'undo'), plans)).items));
        } else {
          await applyInTheEnd(world, lifeOf(scene, 'undo'), back.items, mishaps);
        }
        expect(picture(world)).to.deep.equal(before);
      }),
      500,
    ));

  it('goes the other way round: what came first goes last', () =>
    check(
      fc.asyncProperty(scenes({ most: 1 }), async (scene) => {
        const world = worldOf(scene);
        const [applied] = await applyOnce(scene, world, []);
        const forward = applied?.items ?? [];
        const { items } = await planBack(world, lifeOf(scene, 'undo'), [{ items: forward }]);
        const waveOf = (plan: PlanItems, change: Change): number =>
          waves(plan).findIndex((wave) => changesOf([wave]).some((other) => keyOf(other) === keyOf(change)));
        const order = changesOf(items).map((change) => waveOf(forward, change));
        expect(order).to.deep.equal(order.toSorted((a, b) => b - a));
        expect(changesOf(items)).to.have.lengthOf(changesOf(forward).length);
      }),
      150,
    ));

  it('leaves alone what others changed on things that were only modified, and asks apart for those that were made', () =>
    check(
      fc.asyncProperty(scenes({ most: 2 }), edits, async (scene, chosen) => {
        const world = worldOf(scene);
        const before = picture(world);
        const plans = await applyOnce(scene, world, []);
        const undisturbed = changesOf((await planBack(world, lifeOf(scene, 'undo'), plans)).items);
        const foreign = editsOf(chosen, undisturbed);
        for (const edit of foreign) editByOthers(world, edit);
        const touched = (change: Change): boolean =>
          foreign.some((edit) => keyOf(change) === keyOf({ kind: edit.kind, id: { name: edit.name } }));
        const now = (change: Change) => stateOf(world, { kind: change.kind, name: change.id.name ?? '' }, world.clock.now());
        const changed = undisturbed.filter((change) => touched(change) && !sameJson(comparable(now(change)), comparable(change.before)));
        const elsewhere = changed.filter((change) => !sameJson(comparable(now(change)), comparable(change.after)));

        const back = await planBack(world, lifeOf(scene, 'undo'), plans);
        const made = elsewhere.filter(({ after }) => after === null);
        const modified = elsewhere.filter(({ after }) => after !== null);
        expect(back.leftAlone.map(keyOf)).to.have.members(modified.map(keyOf));
        const surprising = changesOf(back.items).filter(({ changedSince }) => changedSince !== undefined);
        expect(surprising.map(keyOf)).to.have.members(made.map(keyOf));
        const rule = { mode: 'auto', approvers: [], timeoutMinutes: 5, notTheStarter: false } as const;
        expect(approvalNeedFor(rule, changesOf(back.items)).required).to.equal(made.length > 0);

        // What others brought back by themselves is theirs.
        const broughtBack = undisturbed.filter((change) => touched(change) && sameJson(comparable(now(change)), comparable(change.after)));
        const theirs = picture(world);
        well(await apply(world, lifeOf(scene, 'undo'), back.items));
        const wanted = { ...before };
        for (const change of [...modified, ...broughtBack]) {
          const key = `${change.kind} ${change.id.name}`;
          if (theirs[key] === undefined) delete wanted[key];
          else wanted[key] = theirs[key];
        }
        expect(picture(world)).to.deep.equal(wanted);
      }),
      400,
    ));

  it('leaves alone what others changed between two attempts, where the second was planned and never came to it', () =>
    check(
      fc.asyncProperty(scenes({ most: 2 }), edits, async (scene, chosen) => {
        const world = worldOf(scene);
        const [first = [], second = []] = scene.descriptions;
        const applied = await applyOnce({ ...scene, descriptions: [first] }, world, []);
        const foreign = editsOf(chosen, changesOf((await planBack(world, lifeOf(scene, 'undo'), applied)).items));
        for (const edit of foreign) editByOthers(world, edit);
        // In a drill the guard may refuse to plan over what others made.
        const planned = await live(world, lifeOf(scene, 'forward'), null, (engine) => planDescription(engine, second));
        if (planned.ended !== 'well') return;
        const theirs = picture(world);
        const back = await planBack(world, lifeOf(scene, 'undo'), [...applied, { items: planned.value }]);
        well(await apply(world, lifeOf(scene, 'undo'), back.items));
        const listed = back.leftAlone.map((item) => `${item.kind} ${item.id.name}`);
        for (const edit of foreign.filter(({ content }) => content?.value.startsWith('theirs') === true)) {
          const key = `${edit.kind} ${edit.name}`;
          const asked = changesOf(back.items).some(
            (change) => `${change.kind} ${change.id.name}` === key && change.changedSince !== undefined,
          );
          if (!asked) expect(picture(world)[key], key).to.equal(theirs[key]);
          expect(asked || listed.includes(key), key).to.equal(true);
        }
      }),
      300,
    ));
});
