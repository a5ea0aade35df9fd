/** One page: its items, and the token of the next one. Some servers write null for none. */
export type Page<Item> = readonly [items: readonly Item[] | undefined, next: string | null | undefined];

/** Everything that a listing gives, page after page, in its order. Throws when the pages do not end. */
export async function everyPage<Item>(ask: (token: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  for (let count = 0; count < 1000; count += 1) {
    const [items = [], next] = await ask(token);
    all.push(...items);
    if (!next) return all;
    token = next;
  }
  throw new Error('the pages do not end');
}
