import { stamp } from './ids.ts';
import { at, type Fields, isFields, listAt, textAt } from './object.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

export function conditionOf(object: unknown, type: string): Fields | undefined {
  return listAt(object, 'status', 'conditions')
    .filter(isFields)
    .find((condition) => condition.type === type);
}

export function isTrue(object: unknown, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}

/** The conditions of an object with some set; one whose status stays keeps its transition time. */
function withConditions(object: unknown, now: number, conditions: readonly Condition[]): Fields[] {
  const existing = listAt(object, 'status', 'conditions').filter(isFields);
  const changed = new Map(conditions.map((condition) => [condition.type, condition]));
  const kept = existing.filter((each) => !changed.has(String(each.type)));
  const set = conditions.map((condition) => {
    const before = existing.find((each) => each.type === condition.type);
    const same = before !== undefined && before.status === condition.status;
    return { ...condition, lastTransitionTime: (same && textAt(before, 'lastTransitionTime')) || stamp(now) };
  });
  return [...kept, ...set];
}

export function statusWith(object: unknown, now: number, conditions: readonly Condition[], fields: Fields = {}): Fields {
  const status = at(object, 'status');
  return { ...(isFields(status) ? status : {}), ...fields, conditions: withConditions(object, now, conditions) };
}
