import { badRequest, failure } from './failure.ts';

/** Where the next page begins. */
export interface Continue {
  /** The resourceVersion of the list; -1: whatever is there by now. */
  readonly rv: number;
  readonly start: string;
}

const VERSION = 'meta.k8s.io/v1';

/** As k8s.io/apiserver encodes its tokens (pkg/storage/continue.go). */
export function encodeContinue(next: Continue): string {
  return Buffer.from(JSON.stringify({ v: VERSION, ...next })).toString('base64url');
}

/** Throws 400 for what is no token. */
export function decodeContinue(token: string): Continue {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (error) {
    throw invalidToken((error as Error).message);
  }
  const { v, rv, start } = (value ?? {}) as Partial<Continue & { v: string }>;
  if (v !== VERSION || typeof rv !== 'number' || typeof start !== 'string') throw invalidToken('incorrect encoded version or fields');
  return { rv, start };
}

function invalidToken(why: string): Error {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}

/** 410, with the token that goes on in what is there by now. */
export function expiredContinue({ start }: Continue): Error {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, ' +
    'or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an ' +
    'inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
  return failure(410, 'Expired', message, undefined, { continue: encodeContinue({ rv: -1, start }) });
}
