import * as z from 'zod';
import { digestOf, type Json } from './json.ts';
import { type Change, type ChangeVerb, changeVerb, isWait, type Wait } from './resource.ts';

const json = z.json() as unknown as z.ZodType<Json>;

export const change = z.strictObject({
  kind: z.string().min(1),
  id: z.record(z.string(), z.string()),
  before: json,
  after: json,
  changedSince: json.optional(),
});

export const wait = z.strictObject({
  wait: z.string().min(1),
  title: z.string().min(1),
  args: json,
  expectedSeconds: z.number().nonnegative(),
  limitSeconds: z.number().nonnegative(),
  only: z.literal('changes').optional(),
});

const item = z.union([change, wait]);

/** Something that an undo leaves as it is, and why: it was only modified by us, and somebody changed it since. */
const leftAlone = z.strictObject({ kind: z.string(), id: z.record(z.string(), z.string()), ours: json, now: json });

/** Something that an undo neither reads nor writes, because the cluster that it lay in is gone. */
const goneWithCluster = z.strictObject({ kind: z.string(), id: z.record(z.string(), z.string()) });

export const direction = z.enum(['forward', 'undo']);

/** `<step>.<attempt>.plan.json`: what one attempt of a step may do. Never changed once written. */
export const plan = z.strictObject({
  schema: z.literal(1),
  run: z.string().min(1),
  step: z.string().min(1),
  attempt: z.int().positive(),
  direction,
  /** In order; an inner list runs concurrently. */
  items: z.array(z.union([item, z.array(item)])),
  /** Over the changes alone, in order. */
  digest: z.string(),
  /** How many changes of each verb, for those who only show them. */
  changes: z.strictObject({ create: z.int(), update: z.int(), delete: z.int() }),
  /** What the waits are expected to take, in seconds. */
  expectedSeconds: z.number(),
  /** Which key made the MACs in the plan; null where there is none. Another key means: plan again. */
  digestKey: z.string().nullable(),
  leftAlone: z.array(leftAlone),
  goneWithCluster: z.array(goneWithCluster).optional(),
  /** Digests of the outputs that the plan was made from, by step. */
  needs: z.record(z.string(), z.string()),
  /** The part of the estate that was read, and its digest. */
  estate: z.strictObject({ parts: z.array(z.string()), digest: z.string() }),
  createdAt: z.iso.datetime(),
});

export type Plan = z.infer<typeof plan>;
export type PlanItem = Change | Wait;
export type Direction = z.infer<typeof direction>;
export type GoneWithCluster = z.infer<typeof goneWithCluster>;
export type LeftAlone = z.infer<typeof leftAlone>;
export type PlanItems = readonly (PlanItem | readonly PlanItem[])[];

/** The waves of a plan: each is a list of items that run concurrently. */
export function waves(items: PlanItems): readonly (readonly PlanItem[])[] {
  return items.map((entry) => (isConcurrent(entry) ? entry : [entry]));
}

export function changesOf(items: PlanItems): readonly Change[] {
  return waves(items)
    .flat()
    .filter((entry): entry is Change => !isWait(entry));
}

export function waitsOf(items: PlanItems): readonly Wait[] {
  return waves(items).flat().filter(isWait);
}

/** The digest that an approval names: it depends on the changes and their order, on nothing else. */
export function planDigest(items: PlanItems): string {
  return digestOf(changesOf(items));
}

/** How many changes of each verb. */
export function countVerbs(changes: readonly Change[]): Readonly<Record<ChangeVerb, number>> {
  const count = { create: 0, update: 0, delete: 0 };
  for (const entry of changes) count[changeVerb(entry)] += 1;
  return count;
}

/** The expected duration of the waits: of concurrent ones the longest counts. */
export function expectedSeconds(items: PlanItems): number {
  return waves(items)
    .map((wave) => Math.max(0, ...wave.filter(isWait).map((entry) => entry.expectedSeconds)))
    .reduce((sum, seconds) => sum + seconds, 0);
}

function isConcurrent(entry: PlanItem | readonly PlanItem[]): entry is readonly PlanItem[] {
  return Array.isArray(entry);
}
