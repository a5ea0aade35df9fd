/** What became of one node: its turn ended, ended but holds back what waits for it, threw, or never came. */
export type Walked =
  | { readonly end: 'ok' | 'held' }
  | { readonly end: 'failed'; readonly error: unknown }
  | { readonly end: 'not-started' };

/**
 * Gives every node its turn once those it waits for have ended ok; independent ones at once.
 * A failure lets what runs come to its end and starts nothing that depends on it; an abort starts nothing any more.
 * Never rejects: every node is in the answer, in the given order.
 */
export async function walk<N extends { readonly id: string; readonly waitsFor: readonly string[] }>(
  nodes: readonly N[],
  turn: (node: N) => Promise<'ok' | 'held'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Walked>> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const started = new Map<string, Promise<Walked>>();

  async function visit(node: N): Promise<Walked> {
    const before = node.waitsFor.flatMap((id) => byId.get(id) ?? []).map(start);
    const ends = await Promise.all(before);
    if (signal.aborted || ends.some(({ end }) => end !== 'ok')) return { end: 'not-started' };
    try {
      return { end: await turn(node) };
    } catch (error) {
      return { end: 'failed', error };
    }
  }
  function start(node: N): Promise<Walked> {
    const running = started.get(node.id) ?? visit(node);
    started.set(node.id, running);
    return running;
  }

  const ends = await Promise.all(nodes.map(async (node) => [node.id, await start(node)] as const));
  return new Map(ends);
}
