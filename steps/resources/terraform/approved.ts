import { isJsonObject, type Json, sameJson } from '../../kit/json.ts';
import { SENSITIVE, UNKNOWN } from './mask.ts';
import type { Action, Pending, StackOutput, StackPlan, StackResource, StackState } from './state.ts';

/** An approved change of a stack; null: an empty state. */
export interface StackChange {
  readonly before: StackState | null;
  readonly after: StackState | null;
}

/**
 * What of the things left to do was not approved, by address; empty: all of it was. A crash half way leaves a part of the approved
 * changes, in which more values are known than before, and what was being created may have to be made anew.
 */
export function notApproved(pending: StackPlan['pending'], change: StackChange): string[] {
  const resources = pending.resources
    .filter((entry) => !resourceApproved(entry, change))
    .map(({ address, action }) => `${action} ${address}`);
  const outputs = pending.outputs.filter((entry) => !outputApproved(entry, change)).map(({ name, action }) => `${action} output.${name}`);
  return [...resources, ...outputs];
}

function resourceApproved(now: Pending, { before, after }: StackChange): boolean {
  if (after === null) return isRemoval(now.action) && has(before, now.base);
  const approved = find(after.resources, now);
  if (approved === undefined) return false;
  switch (approved.action) {
    case 'present':
      return false;
    case 'create':
      return (now.action === 'create' || (now.action === 'replace' && now.tainted)) && agrees(approved.values, now.values);
    case 'replace':
      // Its predecessor may be gone already, or wait (deposed) to be removed.
      if (now.address !== now.base) return now.action === 'delete';
      return (now.action === 'create' || now.action === 'replace') && agrees(approved.values, now.values);
    case 'update':
      return now.action === 'update' && agrees(approved.values, now.values) && startsAsApproved(now, approved, before);
    case 'delete':
    case 'forget':
      return now.action === approved.action;
  }
}

function outputApproved(now: StackOutput, { before, after }: StackChange): boolean {
  if (after === null) return isRemoval(now.action) && before?.outputs.some(({ name }) => name === now.name) === true;
  const approved = after.outputs.find(({ name }) => name === now.name);
  if (approved === undefined || approved.action === 'present') return false;
  // A crash may have saved an output that was made from a part of the resources.
  return isRemoval(now.action) ? isRemoval(approved.action) : agrees(approved.value, now.value);
}

/** The attributes that the approved update changes must still be as they were when it was approved. */
function startsAsApproved(now: Pending, approved: StackResource, before: StackState | null): boolean {
  const was = before?.resources.find(({ address }) => address === now.address)?.values ?? null;
  if (!isJsonObject(was) || !isJsonObject(approved.values) || !isJsonObject(now.before)) return sameJson(was, now.before);
  const changed = Object.keys({ ...was, ...approved.values }).filter(
    (name) => !sameJson(was[name] ?? null, (approved.values as typeof was)[name] ?? null),
  );
  return changed.every((name) => agrees(was[name] ?? null, (now.before as typeof was)[name] ?? null));
}

/** Whether two sets of values can be of the same change: wherever the approved one knows a value, the other must have it. */
export function agrees(approved: Json, now: Json): boolean {
  if (approved === UNKNOWN || approved === SENSITIVE || now === SENSITIVE) return true;
  if (Array.isArray(approved)) {
    return (
      Array.isArray(now) && approved.length === now.length && approved.every((value: Json, index) => agrees(value, now[index] ?? null))
    );
  }
  if (isJsonObject(approved)) {
    if (!isJsonObject(now)) return false;
    return Object.keys({ ...approved, ...now }).every((name) => agrees(approved[name] ?? null, now[name] ?? null));
  }
  return sameJson(approved, now);
}

function find(resources: readonly StackResource[], now: Pending): StackResource | undefined {
  return resources.find(({ address }) => address === now.address) ?? resources.find(({ address }) => address === now.base);
}

function has(state: StackState | null, base: string): boolean {
  return state?.resources.some(({ address }) => address === base || address.startsWith(`${base} (deposed`)) === true;
}

function isRemoval(action: Action): boolean {
  return action === 'delete' || action === 'forget';
}
