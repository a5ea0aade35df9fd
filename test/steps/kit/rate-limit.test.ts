import { expect } from 'chai';
import { createRateLimiter } from '../../../steps/kit/rate-limit.ts';
import { failure } from '../../failure.ts';
import { fastClock } from './memory-world.ts';

/** A clock that moves only by sleeping. */
function createSteppedClock() {
  let now = 0;
  return {
    now: () => now,
    timestamp: () => new Date(now).toISOString(),
    async sleep(seconds: number, signal?: AbortSignal) {
      signal?.throwIfAborted();
      now += seconds * 1000;
    },
  };
}

describe('a rate limiter', () => {
  it('lets a burst through at once and then one per interval', async () => {
    const clock = createSteppedClock();
    const limiter = createRateLimiter(clock, { perSecond: 4, burst: 3 });
    const moments: number[] = [];
    for (let call = 0; call < 7; call += 1) {
      await limiter.take();
      moments.push(clock.now());
    }
    expect(moments).to.deep.equal([0, 0, 0, 250, 500, 750, 1000]);
  });

  it('fills up again while nothing is taken', async () => {
    const clock = createSteppedClock();
    const limiter = createRateLimiter(clock, { perSecond: 1, burst: 2 });
    for (let call = 0; call < 3; call += 1) await limiter.take();
    await clock.sleep(10);
    const before = clock.now();
    await limiter.take();
    await limiter.take();
    expect(clock.now()).to.equal(before);
  });

  it('is aborted by the signal', async () => {
    const limiter = createRateLimiter(fastClock, { perSecond: 0.001, burst: 1 });
    const controller = new AbortController();
    await limiter.take(controller.signal);
    const waiting = limiter.take(controller.signal);
    controller.abort();
    await failure('interrupted', waiting);
  });
});
