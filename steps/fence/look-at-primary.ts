import { awsErrorName } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import { answerWithin } from '../inventory/answer.ts';
import { type FoundWorkloads, findWorkloads } from './workloads.ts';

export type PrimaryLook =
  | ({ readonly answers: true } & FoundWorkloads)
  /** `gone`: there is no such cluster any more. */
  | { readonly answers: false; readonly gone: boolean; readonly reason: string };

/**
 * What of the estate's workloads there is on the primary. That it does not answer, in bounded time, is an answer like any other here;
 * that it refuses us is not: it lives, and works on.
 */
export async function lookAtPrimary(
  { primary, fence }: Pick<Estate, 'primary' | 'fence'>,
  { clients, signal }: { readonly clients: Pick<Clients, 'kubernetes'>; readonly signal: AbortSignal },
): Promise<PrimaryLook> {
  const { region, cluster } = primary;
  const answer = await answerWithin(fence.answerSeconds, `The primary cluster ${cluster}`, signal, async () =>
    findWorkloads(await clients.kubernetes({ region, cluster }), fence.workloads),
  );
  if (answer.ok) return { answers: true, ...answer.value };
  const { error } = answer;
  if (awsErrorName(error) === 'ResourceNotFoundException') {
    return { answers: false, gone: true, reason: `EKS knows no cluster ${cluster} in ${region} any more.` };
  }
  if (error.category !== 'unavailable' && error.category !== 'timeout') throw error;
  return { answers: false, gone: false, reason: error.message };
}
