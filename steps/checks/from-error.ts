import { asBearable } from '../kit/errors.ts';
import type { Finding } from '../kit/step.ts';

/** What a look ahead ran into, as a blocker. Bugs of ours are thrown on. */
export function blockerFrom(thrown: unknown, evidence: string): Finding {
  const { message, remedy } = asBearable(thrown);
  return { severity: 'blocker', message, evidence, remedy };
}

/** Looks, and turns what it throws into a finding. */
export async function findings(evidence: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (thrown) {
    return [blockerFrom(thrown, evidence)];
  }
}
