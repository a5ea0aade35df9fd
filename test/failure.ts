import { expect } from 'chai';
import { EksDrError, type ErrorCode } from '../steps/kit/errors.ts';

/** Awaits a rejection with exactly this code and returns the error, for looking at its message. */
export async function failure(code: ErrorCode, work: Promise<unknown> | (() => unknown)): Promise<EksDrError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (thrown) {
    if (!(thrown instanceof EksDrError)) throw thrown;
    expect(thrown.code, thrown.message).to.equal(code);
    return thrown;
  }
  throw new Error(`nothing was thrown, but ${code} was expected`);
}
