import { asEksDrError, EksDrError } from '../kit/errors.ts';
import type { Answer } from './choose.ts';

/**
 * Awaits one system for at most so many seconds. By the wall clock even where the run's clock goes faster: a network takes the time it takes.
 * A bug of ours or an interruption is no answer of the system and is thrown on.
 */
export async function answerWithin<T>(seconds: number, name: string, signal: AbortSignal, read: () => Promise<T>): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new EksDrError('remote-unavailable', { message: `${name} did not answer within ${seconds} s.`, target: name })),
      seconds * 1000,
    );
  });
  try {
    return { ok: true, value: await Promise.race([read(), late]) };
  } catch (thrown) {
    const error = asEksDrError(thrown);
    if (error.category === 'bug') throw thrown;
    if (signal.aborted) throw new EksDrError('interrupted', { message: `Interrupted while waiting for ${name}.` });
    return { ok: false, error };
  } finally {
    clearTimeout(timer);
  }
}
