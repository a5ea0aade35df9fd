import type { PlanDocument, StackRef } from '../../clients/terraform-types.ts';
import { isJsonObject, type Json } from '../../kit/json.ts';
import type { Owner } from '../../kit/resource.ts';
import { RUN_TAG } from '../../naming.ts';

/**
 * Whose a stack is. A state belongs to the run whose id its key carries, unless what Terraform would touch in it says otherwise:
 * an object with another run's tag, or one that the configuration would take over from outside.
 */
export function stackOwner(stack: StackRef, runOfState: string | null, plan: PlanDocument): Owner {
  if (runOfState === null) return { kind: 'other', detail: `its state, ${stack.stateKey}, is not the one of this run` };
  for (const { address, change } of plan.resource_changes) {
    if (change.importing !== undefined) return { kind: 'other', detail: `it would take over an object that exists already, as ${address}` };
    const touched = change.actions.some((action) => action === 'update' || action === 'delete' || action === 'forget');
    const tagged = touched ? runTagOf(change.before) : null;
    if (tagged !== null && tagged !== runOfState) return { kind: 'other', detail: `${address} carries the tag of run ${tagged}` };
  }
  return { kind: 'run', run: runOfState };
}

/** The run whose tag an object carries, by its values in a state or plan; null: none. */
export function runTagOf(values: Json): string | null {
  if (!isJsonObject(values)) return null;
  for (const tags of [values.tags, values.tags_all]) {
    if (!isJsonObject(tags ?? null)) continue;
    const tag = (tags as Readonly<Record<string, Json>>)[RUN_TAG];
    if (typeof tag === 'string') return tag;
  }
  return null;
}
