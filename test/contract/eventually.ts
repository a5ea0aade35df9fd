import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 50;
const LONGEST_MS = 20_000;

/** Asks again until the answer is as wanted, and gives it. Throws with the last answer when it never is. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const until = Date.now() + LONGEST_MS;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > until) throw new Error(`Not as wanted in time: ${JSON.stringify(answer)?.slice(0, 2000)}`);
    await delay(EVERY_MS);
  }
}
