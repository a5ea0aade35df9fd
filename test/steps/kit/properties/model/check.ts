import fc from 'fast-check';

/**
 * Checks a property on so many random cases. A failure names its seed and path; with EKS_DR_TEST_SEED the same cases come again, and
 * EKS_DR_TEST_RUNS multiplies their number.
 */
export function check<Ts extends [unknown, ...unknown[]]>(property: fc.IAsyncPropertyWithHooks<Ts>, numRuns: number): Promise<void> {
  const { EKS_DR_TEST_SEED: seed, EKS_DR_TEST_RUNS: times } = process.env;
  return Promise.resolve(
    fc.assert(property, {
      numRuns: numRuns * Number(times ?? 1),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    }),
  );
}
