import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from './configuration.ts';
import { errorText, failure } from './failure.ts';
import type { ProviderContext } from './kinds.ts';
import type { Output } from './output.ts';
import { resourceMember } from './progress.ts';
import type { Settings } from './settings.ts';
import { kinds, outputsFor, type Reference, referenceIn, regionOf, type StackResource, stackFor, tagsOf } from './stack.ts';
import { type Held, instancesOf, type State } from './state.ts';
import { type Attributes, knownPart, type MaybeUnknown, unknown, type Value } from './values.ts';
import type { Variables } from './variables.ts';

export type Action = 'no-op' | 'create' | 'update' | 'delete';

export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string;
  readonly actions: readonly Action[];
  readonly before: Attributes | null;
  readonly after: Attributes | null;
  /** Names of attributes that are known only after apply. */
  readonly unknown: readonly string[];
  readonly reason?: 'replace_because_tainted' | 'replace_because_cannot_update' | 'delete_because_no_resource_config';
}

export interface PlannedOutput {
  readonly actions: readonly Action[];
  readonly before: Value;
  readonly after: Value;
  readonly unknown: boolean;
}

export interface Plan {
  readonly variables: Variables;
  readonly declared: Configuration['variables'];
  readonly destroy: boolean;
  /** The state that the plan was made from. */
  readonly lineage: string;
  readonly serial: number;
  readonly changes: readonly PlannedChange[];
  /** What was found to be otherwise than the state says. */
  readonly drift: readonly PlannedChange[];
  readonly outputs: Readonly<Record<string, PlannedOutput>>;
  /** The instances as they are now. */
  readonly refreshed: readonly Held[];
  readonly createdAt: string;
}

export function contextFor(settings: Settings, variables: Variables, signal: AbortSignal): ProviderContext {
  return { settings, region: regionOf(variables), defaultTags: tagsOf(variables), signal };
}

function partsOf({ address, type, name, index }: StackResource | Held) {
  return { address, type, name, ...(index === undefined ? {} : { index }) };
}

/** Reads what the state holds; instances that are gone are left out. */
async function refresh(held: readonly Held[], context: ProviderContext, output: Output): Promise<Held[]> {
  const found = await Promise.all(
    held.map(async (each) => {
      const kind = kinds[each.type];
      if (!kind)
        throw failure(
          'Unsupported resource type',
          `The provider hashicorp/aws of this program has no resource type ${each.type}.`,
          each.address,
        );
      const hook = { resource: resourceMember(each), id_key: 'id', id_value: each.attributes.id };
      output.line({ type: 'refresh_start', message: `${each.address}: Refreshing state... [id=${each.attributes.id}]`, members: { hook } });
      const attributes = await kind.read(each.attributes, context).catch((error: unknown) => {
        throw failure(`reading ${kind.noun} (${each.attributes.id}): ${errorText(error)}`, '', each.address);
      });
      output.line({ type: 'refresh_complete', message: `${each.address}: Refresh complete [id=${each.attributes.id}]`, members: { hook } });
      return attributes === null ? null : { ...each, attributes };
    }),
  );
  return found.filter((each) => each !== null);
}

function driftOf(state: readonly Held[], now: ReadonlyMap<string, Held>): PlannedChange[] {
  return state.flatMap((before): PlannedChange[] => {
    const after = now.get(before.address);
    if (after && isDeepStrictEqual(after.attributes, before.attributes)) return [];
    const actions: readonly Action[] = after ? ['update'] : ['delete'];
    return [{ ...partsOf(before), actions, before: before.attributes, after: after?.attributes ?? null, unknown: [] }];
  });
}

function createChange(resource: StackResource, reference: Reference): PlannedChange {
  const wanted = resource.wanted(reference);
  const pending = Object.entries(wanted).flatMap(([name, value]) => (value === unknown ? [name] : []));
  const computed = kinds[resource.type]?.computed ?? [];
  return { ...partsOf(resource), actions: ['create'], before: null, after: knownPart(wanted), unknown: [...computed, ...pending] };
}

function replaceChange(resource: StackResource, held: Held, reference: Reference, reason: PlannedChange['reason']): PlannedChange {
  const create = createChange(resource, reference);
  return { ...create, actions: ['delete', 'create'], before: held.attributes, ...(reason === undefined ? {} : { reason }) };
}

function changeFor(resource: StackResource, held: Held | undefined, reference: Reference): PlannedChange {
  if (!held) return createChange(resource, reference);
  if (held.tainted) return replaceChange(resource, held, reference, 'replace_because_tainted');
  const wanted = resource.wanted(reference);
  const different = Object.entries(wanted).flatMap(([name, value]) => (isDeepStrictEqual(value, held.attributes[name]) ? [] : [name]));
  const unchanged: PlannedChange = {
    ...partsOf(resource),
    actions: ['no-op'],
    before: held.attributes,
    after: held.attributes,
    unknown: [],
  };
  if (different.length === 0) return unchanged;
  const updatable = kinds[resource.type]?.updatable ?? [];
  if (different.some((name) => !updatable.includes(name))) return replaceChange(resource, held, reference, 'replace_because_cannot_update');
  return { ...unchanged, actions: ['update'], after: { ...held.attributes, ...knownPart(wanted) } };
}

function deleteChange(held: Held, reason?: PlannedChange['reason']): PlannedChange {
  return {
    ...partsOf(held),
    actions: ['delete'],
    before: held.attributes,
    after: null,
    unknown: [],
    ...(reason === undefined ? {} : { reason }),
  };
}

function outputChange(before: Value | undefined, after: MaybeUnknown | undefined): PlannedOutput {
  if (after === undefined) return { actions: ['delete'], before: before ?? null, after: null, unknown: false };
  if (after === unknown)
    return { actions: [before === undefined ? 'create' : 'update'], before: before ?? null, after: null, unknown: true };
  if (before === undefined) return { actions: ['create'], before: null, after, unknown: false };
  return { actions: [isDeepStrictEqual(before, after) ? 'no-op' : 'update'], before, after, unknown: false };
}

function planResources(variables: Variables, now: ReadonlyMap<string, Held>): PlannedChange[] {
  const stack = stackFor(variables);
  const pending = new Set<string>();
  const reference = referenceIn(now, pending);
  const changes = stack.map((resource) => {
    const change = changeFor(resource, now.get(resource.address), reference);
    // What is made anew has attributes that nobody knows yet.
    if (change.actions.includes('create')) pending.add(resource.address);
    return change;
  });
  const wanted = new Set(stack.map(({ address }) => address));
  const orphans = [...now.values()].filter(({ address }) => !wanted.has(address));
  return [...changes, ...orphans.map((held) => deleteChange(held, 'delete_because_no_resource_config'))];
}

function planOutputs(
  options: PlanOptions,
  changes: readonly PlannedChange[],
  now: ReadonlyMap<string, Held>,
): Record<string, PlannedOutput> {
  const { state, configuration, variables, destroy } = options;
  const pending = new Set(changes.filter(({ actions }) => actions.includes('create')).map(({ address }) => address));
  const values = destroy ? {} : outputsFor(variables, referenceIn(now, pending));
  const declared = Object.keys(values).filter((name) => configuration.outputs.includes(name));
  const names = [...new Set([...declared, ...Object.keys(state.outputs)])].sort();
  const entries = names.map(
    (name) => [name, outputChange(state.outputs[name]?.value, declared.includes(name) ? values[name] : undefined)] as const,
  );
  return Object.fromEntries(entries);
}

export interface PlanOptions {
  readonly settings: Settings;
  readonly configuration: Configuration;
  readonly variables: Variables;
  readonly destroy: boolean;
  readonly state: State;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Compares the stack with what is there. Changes nothing. */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { settings, configuration, variables, destroy, state, output, signal } = options;
  const held = [...instancesOf(state).values()];
  const refreshed = await refresh(held, contextFor(settings, variables, signal), output);
  const now = new Map(refreshed.map((each) => [each.address, each]));
  const changes = destroy ? refreshed.map((each) => deleteChange(each)) : planResources(variables, now);
  return {
    variables,
    declared: configuration.variables,
    destroy,
    lineage: state.lineage,
    serial: state.serial,
    changes: changes.sort((a, b) => (a.address < b.address ? -1 : 1)),
    drift: driftOf(held, now),
    outputs: planOutputs(options, changes, now),
    refreshed,
    createdAt: new Date().toISOString(),
  };
}

/** Whether applying would change anything. */
export function isEmpty(plan: Plan): boolean {
  const idle = ({ actions }: { readonly actions: readonly Action[] }): boolean => actions.every((action) => action === 'no-op');
  return plan.changes.every(idle) && Object.values(plan.outputs).every(idle) && plan.drift.length === 0;
}

export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

export function countsOf({ changes }: Pick<Plan, 'changes'>): Counts {
  const count = (action: Action): number => changes.filter(({ actions }) => actions.includes(action)).length;
  return { add: count('create'), change: count('update'), remove: count('delete') };
}
