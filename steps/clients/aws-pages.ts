/** One page of a listing: its items, and the token of the next one. */
export type Page<Item> = readonly [items: readonly Item[] | undefined, next: string | undefined];

/** Everything that a listing gives, page after page. */
export async function allPages<Item>(ask: (token: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const [items, next] = await ask(token);
    all.push(...(items ?? []));
    token = next === '' ? undefined : next;
  } while (token !== undefined);
  return all;
}
