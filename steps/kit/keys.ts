import { EksDrError } from './errors.ts';
import { canonicalJson } from './json.ts';

/** The identity of a resource, for maps. */
export function keyOf(item: { readonly kind: string; readonly id: unknown }): string {
  return `${item.kind} ${canonicalJson(item.id)}`;
}

/** Finds what a plan or a description names; a name that the step did not declare is a bug of ours. */
export function finder<T>(items: readonly T[], nameOf: (item: T) => string, what: string): (name: string) => T {
  const byName = new Map(items.map((item) => [nameOf(item), item]));
  return (name) => {
    const found = byName.get(name);
    if (found === undefined) throw new EksDrError('bug', { message: `This step names ${what} "${name}" without declaring it.` });
    return found;
  };
}

export function groupBy<T>(items: readonly T[], keyFor: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyFor(item));
    if (group === undefined) groups.set(keyFor(item), [item]);
    else group.push(item);
  }
  return groups;
}
