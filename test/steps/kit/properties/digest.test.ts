import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../../../steps/kit/json.ts';
import { changesOf, type PlanItem, planDigest } from '../../../../steps/kit/plan.ts';
import type { Change } from '../../../../steps/kit/resource.ts';
import { check } from './model/check.ts';
import { pause } from './model/waits.ts';

const states = fc.oneof(fc.constant(null), fc.record({ value: fc.string({ maxLength: 3 }), tags: fc.array(fc.string({ maxLength: 2 })) }));
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('x', 'y'),
  id: fc.record({ name: fc.string({ maxLength: 2 }), place: fc.constantFrom('here', 'there') }),
  before: states,
  after: states,
});
const changes = fc.array(change, { minLength: 1, maxLength: 6 });

/** The same changes in other waves, with waits between them. */
function inWaves(list: readonly Change[], cuts: readonly boolean[], seconds: number): PlanItem[][] {
  const waves: PlanItem[][] = [[pause.for({ seconds, of: 'start' })]];
  for (const [index, item] of list.entries()) {
    if (cuts[index % cuts.length] === true) waves.push([]);
    waves.at(-1)?.push(item);
  }
  return waves;
}

/** The same value with its keys in another order. */
function turned<T>(value: T): T {
  if (Array.isArray(value)) return value.map(turned) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, each]) => [key, turned(each)]),
  ) as T;
}

describe('the digest of any plan', () => {
  it('is the same whatever the waves, the waits and the order of keys', () =>
    check(
      fc.asyncProperty(changes, fc.array(fc.boolean(), { minLength: 1 }), fc.nat(99), async (list, cuts, seconds) => {
        const waves = inWaves(list, cuts, seconds);
        expect(planDigest(waves)).to.equal(planDigest(list));
        expect(planDigest(turned(waves))).to.equal(planDigest(list));
      }),
      300,
    ));

  it('is another as soon as any change, or the order of changes, is another', () =>
    check(
      fc.asyncProperty(changes, changes, async (list, other) => {
        const same = canonicalJson(list) === canonicalJson(other);
        expect(planDigest(list) === planDigest(other)).to.equal(same);
      }),
      300,
    ));

  it('is another when two changes that differ change places', () =>
    check(
      fc.asyncProperty(changes, fc.nat(9), fc.nat(9), async (list, first, second) => {
        const [one, other] = [first % list.length, second % list.length];
        const swapped = list.map((item, index) => (index === one ? list[other] : index === other ? list[one] : item) ?? item);
        const same = canonicalJson(list[one]) === canonicalJson(list[other]);
        expect(planDigest(swapped) === planDigest(list)).to.equal(same);
      }),
      300,
    ));

  it('is another when one part of one change is', () =>
    check(
      fc.asyncProperty(changes, fc.nat(99), states, async (list, position, state) => {
        const at = position % list.length;
        const edits: ((one: Change) => Change)[] = [
          (one) => ({ ...one, kind: `${one.kind}z` }),
          (one) => ({ ...one, id: { ...one.id, name: `${one.id.name}z` } }),
          (one) => ({ ...one, id: { ...one.id, more: 'z' } }),
          (one) => ({ ...one, before: { other: one.before } }),
          (one) => ({ ...one, after: { other: one.after } }),
          (one) => ({ ...one, changedSince: state }),
        ];
        for (const edit of edits) {
          expect(planDigest(list.map((one, index) => (index === at ? edit(one) : one)))).to.not.equal(planDigest(list));
        }
        expect(planDigest(list.toSpliced(at, 1))).to.not.equal(planDigest(list));
        expect(changesOf(inWaves(list, [true], 1))).to.deep.equal(list);
      }),
      200,
    ));
});
