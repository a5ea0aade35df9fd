import { expect } from 'chai';
import fc from 'fast-check';
import { type Json, sameJson } from '../../../../steps/kit/json.ts';
import { keyOf } from '../../../../steps/kit/keys.ts';
import { changesOf, type PlanItems, waves } from '../../../../steps/kit/plan.ts';
import type { Change } from '../../../../steps/kit/resource.ts';
import { comparable } from '../../../../steps/kit/secrets.ts';
import { check } from './model/check.ts';
import { blind, modelDrivers, stateOf } from './model/drivers.ts';
import { edits, editsOf } from './model/edits.ts';
import { apply, type Life, plan } from './model/process.ts';
import { type Scene, scenes, worldOf } from './model/scenes.ts';
import { type Edit, editByOthers, entryAt, keyFor, type ModelWorld, ownerOf, picture } from './model/world.ts';

const lifeOf = ({ mode, seed }: Scene): Life => ({ mode, seed, direction: 'forward' });
const thingOf = ({ kind, id }: Pick<Change, 'kind' | 'id'>) => ({ kind, name: id.name ?? '' });

/** What shares one write with a change. */
function unitOf(change: Pick<Change, 'kind' | 'id'>): string {
  const grouped = modelDrivers.find(({ kind }) => kind === change.kind)?.group(change.id) ?? null;
  return grouped === null ? keyOf(change) : `${change.kind} ${grouped}`;
}

function isElsewhere(world: ModelWorld, change: Change): boolean {
  const now = stateOf(world, thingOf(change), world.clock.now());
  return ![change.before, change.after].some((state) => isLike(state)(now));
}

describe('what others change between plan and apply', function () {
  this.timeout(120_000);

  it('is drift for every driver: it stays, with its whole group, and what is in earlier waves or other groups is done', () =>
    check(
      fc.asyncProperty(scenes({ most: 1 }), edits, async (scene, chosen) => {
        const world = worldOf(scene);
        const items = await plan(world, lifeOf(scene), scene.descriptions[0] ?? []);
        for (const edit of editsOf(chosen, changesOf(items))) editByOthers(world, edit);
        await world.clock.sleep(world.lag);
        const there = picture(world);
        // The first wave with anything drifted is the last one.
        const list = waves(items);
        const driftedIn = list.map((wave) => changesOf([wave]).filter((change) => isElsewhere(world, change)));
        const last = driftedIn.findIndex((drifted) => drifted.length > 0);
        const drifted = driftedIn[last] ?? [];
        const refused = drifted.filter((change) => isRefused(scene, world, change));
        const outcome = await apply(world, lifeOf(scene), items);

        const end = outcome.ended === 'with' ? outcome.error.category : outcome.ended;
        expect(end).to.equal(last < 0 ? 'well' : refused.length > 0 ? 'guard' : 'drift');
        const isStopped = (change: Change): boolean =>
          drifted.map(unitOf).includes(unitOf(change)) || refused.some(({ kind }) => kind === change.kind);
        for (const [index, wave] of list.entries()) {
          for (const change of changesOf([wave])) {
            const key = keyFor(thingOf(change));
            if (last >= 0 && (index > last || (index === last && isStopped(change)))) expect(picture(world)[key], key).to.equal(there[key]);
            else expect(stateOf(world, thingOf(change), world.clock.now()), key).to.satisfy(isLike(change.after));
          }
        }
      }),
      500,
    ));

  it('is never overwritten where the system compares, even right before the write; elsewhere only after the last look', () =>
    check(
      fc.asyncProperty(
        scenes({ most: 1 }),
        edits,
        fc.array(fc.nat(30), { minLength: 4, maxLength: 4 }),
        async (scene, chosen, requests) => {
          const world = worldOf(scene);
          const items = await plan(world, lifeOf(scene), scene.descriptions[0] ?? []);
          const foreign = editsOf(chosen, changesOf(items));
          const mishaps = foreign.map((what, index) => ({ request: requests[index] ?? 0, what }));
          const { unseen } = await apply(world, { ...lifeOf(scene), mishaps }, items);
          for (const edit of foreign.filter((each) => wasLost(world, items, each))) {
            expect(edit.kind, `${keyFor(edit)} was overwritten`).to.equal(blind.kind);
            expect(unseen.map(keyFor)).to.include(keyFor(edit));
          }
        },
      ),
      600,
    ));
});

/** Whether the guard speaks first: in a drill, what others made anew is not the drill's own. */
function isRefused({ mode }: Scene, world: ModelWorld, change: Change): boolean {
  const owner = ownerOf(change.id.name ?? '', entryAt(world, thingOf(change)));
  return owner.kind === 'other' && (mode === 'drill' || change.after === null);
}

/** Whether we wrote over what others left, so that it is gone. Where they left what was planned from, nothing of theirs is lost. */
function wasLost(world: ModelWorld, items: PlanItems, edit: Edit): boolean {
  const history = world.histories.get(keyFor(edit)) ?? [];
  const index = history.findLastIndex(({ by }) => by === 'others');
  const change = changesOf(items).find((each) => keyFor(thingOf(each)) === keyFor(edit));
  if (index < 0 || history[index + 1]?.by !== 'us' || change === undefined) return false;
  if (edit.content === null) return change.before !== null && change.after !== null;
  return edit.content.value.startsWith('theirs');
}

function isLike(wanted: Json): (found: Json) => boolean {
  return (found) => sameJson(comparable(found), comparable(wanted));
}
