import type { Json } from './json.ts';

/** Where one resource is: flat, printable, enough to find it again from a plan alone (region, cluster, name ...). */
export type ResourceId = Readonly<Record<string, string>>;

/** The smallest thing we own in one remote system. `desired: null`: it shall not exist. */
export interface Resource {
  readonly kind: string;
  readonly id: ResourceId;
  readonly desired: Json;
  /** In the way back that a step describes: what the run had left there, where its plans can't tell. Anything else found there asks by itself. */
  readonly ours?: Json | undefined;
}

/** What one change does: `null` before = created, `null` after = deleted. */
export interface Change {
  readonly kind: string;
  readonly id: ResourceId;
  readonly before: Json;
  readonly after: Json;
  /** In an undo plan: what we had left there, when what is there now differs from it. Such a change asks by itself. */
  readonly changedSince?: Json | undefined;
}

/** A named, bounded moment of waiting. All of it is data: the function that looks is found by `wait`. */
export interface Wait {
  readonly wait: string;
  readonly title: string;
  readonly args: Json;
  readonly expectedSeconds: number;
  readonly limitSeconds: number;
  /** `changes`: dropped from a plan that changes nothing. */
  readonly only?: 'changes' | undefined;
}

/** What a step's `describe` returns: in order; an inner list runs concurrently. */
export type Description = readonly (Resource | Wait | readonly (Resource | Wait)[])[];

/** Whose an object is, as far as the object itself tells (its tags, labels, or the container it lies in). */
export type Owner =
  /** Made by the run of this id. */
  | { readonly kind: 'run'; readonly run: string }
  /** Lies in a place that is marked for drills (a drill zone, a drill copy). */
  | { readonly kind: 'drill-scope'; readonly scope: string }
  /** Does not exist yet, in a shared place where new things may be made. */
  | { readonly kind: 'nobody' }
  /** Anything else: production, as far as we know. */
  | { readonly kind: 'other'; readonly detail: string };

export type ChangeVerb = 'create' | 'update' | 'delete';

export function changeVerb(change: Pick<Change, 'before' | 'after'>): ChangeVerb {
  if (change.before === null) return 'create';
  if (change.after === null) return 'delete';
  return 'update';
}

export function isWait(item: Resource | Wait | Change): item is Wait {
  return 'wait' in item;
}
