import { asEksDrError } from '../kit/errors.ts';
import type { Finding } from '../kit/step.ts';

/** What a look ahead ran into, as a blocker. Bugs of ours are thrown on. */
export function blockerFrom(thrown: unknown, evidence: string): Finding {
  const error = asEksDrError(thrown);
  if (error.category === 'bug' || error.category === 'interrupted') throw error;
  return { severity: 'blocker', message: error.message, evidence, remedy: error.remedy };
}

/** Looks, and turns what it throws into a finding. */
export async function findings(evidence: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (thrown) {
    return [blockerFrom(thrown, evidence)];
  }
}
