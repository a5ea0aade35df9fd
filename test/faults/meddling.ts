import { EksDrError } from '../../steps/kit/errors.ts';

/** A call of a client: its operation, and what it was given. */
export interface Asked {
  readonly operation: string;
  readonly input: unknown;
}

/** Somebody else at work in the middle of ours. */
export interface Meddler {
  /** The same client, watched. */
  among<Client extends object>(client: Client): Client;
  /** The calls so far, of all clients that it was given. */
  readonly asked: readonly Asked[];
}

/** Lets somebody act right before the call number `at`, from 0. */
export function meddler(at: number, meddle: () => Promise<unknown>): Meddler {
  const asked: Asked[] = [];
  return {
    asked,
    among: <Client extends object>(client: Client) =>
      new Proxy(client, {
        get(target, operation, receiver) {
          const value: unknown = Reflect.get(target, operation, receiver);
          if (typeof value !== 'function') return value;
          return async (...args: readonly unknown[]) => {
            const now = asked.push({ operation: String(operation), input: args[0] }) - 1;
            if (now === at) await meddle();
            return Reflect.apply(value, target, args);
          };
        },
      }),
  };
}

/** What a work ended with: 'ok', else the code of its error. */
export async function endOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof EksDrError) return thrown.code;
    throw thrown;
  }
}

/**
 * Lets `once` happen with somebody at its first call, then anew at its second and so on, until it makes no more: the last time, too late to
 * disturb any. `once` tells how many calls there were. The number of moments.
 */
export async function atEveryMoment(once: (at: number) => Promise<number>): Promise<number> {
  for (let at = 0; ; at += 1) {
    if ((await once(at)) <= at) return at;
  }
}
