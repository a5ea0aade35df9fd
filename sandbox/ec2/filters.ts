import { awsFault } from '../aws/fault.ts';
import { type QueryCall, structures, text, texts } from '../aws/query.ts';

/** The values an item has under each filter name; several when it has several. */
export type FilterValues<T> = Readonly<Record<string, (item: T) => string | readonly string[]>>;

// Unlike IAM's, the patterns of filters tell case apart.
function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

function tagValues(name: string, tags: Readonly<Record<string, string>>): readonly string[] | null {
  if (name === 'tag-key') return Object.keys(tags);
  if (!name.startsWith('tag:')) return null;
  const value = tags[name.slice(4)];
  return value === undefined ? [] : [value];
}

/** Items that match every filter of the call; a filter matches when any of its values does. Unknown filter names are refused. */
export function filterItems<T extends { readonly tags: Readonly<Record<string, string>> }>(
  call: QueryCall,
  items: readonly T[],
  known: FilterValues<T>,
): T[] {
  const filters = structures(call.parameters, 'Filter').map((filter) => {
    const name = text(filter, 'Name') ?? '';
    const values = texts(filter, 'Value');
    if (!known[name] && name !== 'tag-key' && !name.startsWith('tag:')) {
      throw awsFault(400, 'InvalidParameterValue', `The filter '${name}' is invalid`);
    }
    if (values.length === 0) throw awsFault(400, 'InvalidParameterValue', `The filter '${name}' has no values`);
    return { name, values };
  });
  return items.filter((item) =>
    filters.every(({ name, values }) => {
      const found = tagValues(name, item.tags) ?? known[name]?.(item) ?? [];
      const actual = typeof found === 'string' ? [found] : found;
      return values.some((pattern) => actual.some((value) => matches(pattern, value)));
    }),
  );
}
