import { EksDrError } from '../../../steps/kit/errors.ts';

/** The EksDrError that a promise rejects with; fails the test when it does not. */
export async function thrownBy(promise: Promise<unknown>): Promise<EksDrError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof EksDrError) return thrown;
    throw thrown;
  }
  throw new Error('it did not throw');
}
