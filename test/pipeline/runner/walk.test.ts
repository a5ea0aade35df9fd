import { expect } from 'chai';
import { walk } from '../../../pipeline/runner/walk.ts';

const nodes = [
  { id: 'a', waitsFor: [] },
  { id: 'b', waitsFor: ['a'] },
  { id: 'c', waitsFor: ['a'] },
  { id: 'd', waitsFor: ['b', 'c'] },
];

async function walked(turn: (id: string) => Promise<'ok' | 'held'>, signal = new AbortController().signal) {
  const order: string[] = [];
  const ends = await walk(
    nodes,
    async ({ id }) => {
      order.push(id);
      return turn(id);
    },
    signal,
  );
  return { order, ends: Object.fromEntries([...ends].map(([id, { end }]) => [id, end])) };
}

describe('walking a graph', () => {
  it('gives each node one turn, after those it waits for', async () => {
    const { order, ends } = await walked(async () => 'ok');
    expect(order).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(ends).to.deep.equal({ a: 'ok', b: 'ok', c: 'ok', d: 'ok' });
  });

  it('starts nothing behind a failure, and lets the other branch end', async () => {
    const { ends } = await walked(async (id) => {
      if (id === 'b') throw new Error('no');
      return 'ok';
    });
    expect(ends).to.deep.equal({ a: 'ok', b: 'failed', c: 'ok', d: 'not-started' });
  });

  it('starts nothing behind a node that holds back', async () => {
    const { ends } = await walked(async (id) => (id === 'a' ? 'held' : 'ok'));
    expect(ends).to.deep.equal({ a: 'held', b: 'not-started', c: 'not-started', d: 'not-started' });
  });

  it('starts nothing more once aborted', async () => {
    const controller = new AbortController();
    const { ends } = await walked(async (id) => {
      if (id === 'a') controller.abort();
      return 'ok';
    }, controller.signal);
    expect(ends).to.deep.equal({ a: 'ok', b: 'not-started', c: 'not-started', d: 'not-started' });
  });
});
