import * as z from 'zod';
import type { Clock } from '../kit/clock.ts';
import { EksDrError, type ErrorCode } from '../kit/errors.ts';
import { describeIssues } from '../kit/parse.ts';
import { createRateLimiter } from '../kit/rate-limit.ts';
import { brief } from '../kit/text.ts';
import { limits } from './limits.ts';
import { networkReason } from './network-reason.ts';
import { readAgain } from './read-again.ts';

/** Does one call and checks its answer. Every failure is an EksDrError. */
export interface VaultCall {
  /** Tried again while Vault is away. */
  read<T extends z.ZodType>(what: string, answer: T, send: () => Promise<unknown>): Promise<z.infer<T>>;
  /** Never tried again by us. Answered with warnings, or with nothing. */
  write(what: string, send: () => Promise<unknown>): Promise<void>;
}

/** What the errors of node-vault carry: the answer, where there was one. */
interface VaultFailure extends Error {
  readonly response?: { readonly statusCode: number; readonly body: unknown };
}

export interface VaultCallOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  warn(message: string): void;
}

/** Wraps calls of node-vault. */
export function createVaultCall({ url, clock, signal, warn }: VaultCallOptions): VaultCall {
  const told = new Set<string>();
  const limiter = createRateLimiter(clock, limits.vault ?? { perSecond: 50, burst: 100 });

  async function body(what: string, send: () => Promise<unknown>): Promise<unknown> {
    if (signal.aborted) throw new EksDrError('interrupted', { message: `Interrupted before: ${what}.` });
    await limiter.take(signal);
    const answer = await send().catch((thrown: unknown) => {
      throw translate(thrown as VaultFailure, what, url);
    });
    // What is no JSON arrives as text; a 204 as an empty one.
    if (typeof answer === 'string' && answer !== '') throw invalid(what, 'text where JSON was expected (a login page, or a proxy)', url);
    return answer;
  }

  return {
    read: (what, schema, send) =>
      readAgain(clock, signal, async () => {
        const parsed = schema.safeParse(await body(what, send));
        if (parsed.success) return parsed.data;
        throw invalid(what, describeIssues(parsed.error)[0] ?? 'unexpected shape', url);
      }),
    async write(what, send) {
      const answer = await body(what, send);
      if (answer === '' || answer === undefined || answer === null) return;
      const { warnings, request_id: id } = answer as { readonly warnings?: readonly string[] | null; readonly request_id?: unknown };
      if (typeof id !== 'string') throw invalid(what, 'a success without a request_id', url);
      // Of a hundred roles, most make it say the same.
      for (const warning of (warnings ?? []).filter((text) => !told.has(text))) {
        told.add(warning);
        warn(`Vault, asked to ${what}, warns (told once): ${warning}`);
      }
    },
  };
}

function invalid(what: string, found: string, url: string): EksDrError {
  return new EksDrError('remote-answer-invalid', { message: `Vault's answer is not as documented (${what}): ${found}.`, target: url });
}

/** Null for what is not there. */
export async function orAbsent<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (thrown) {
    if (thrown instanceof EksDrError && statusOf(thrown.cause) === 404) return null;
    throw thrown;
  }
}

function statusOf(thrown: unknown): number | undefined {
  return (thrown as VaultFailure | undefined)?.response?.statusCode;
}

function translate(error: VaultFailure, what: string, url: string): EksDrError {
  const status = statusOf(error);
  if (status === undefined)
    // Without its cause: that holds the whole request, with the token.
    return new EksDrError('remote-unavailable', {
      message: `Vault could not ${what}: ${brief(networkReason(error))}`,
      target: url,
    });
  const { errors } = z.object({ errors: z.array(z.string()).optional() }).safeParse(error.response?.body).data ?? {};
  // Vault says why in `errors`, which may be empty; anybody else does not.
  if (errors === undefined && status < 500 && status !== 429) return invalid(what, `status ${status} without Vault's errors`, url);
  const words = errors !== undefined && errors.length > 0 ? brief(errors.join('; ').replaceAll(/\s+/g, ' ')) : `status ${status}`;
  const code = refusalCode(status, words);
  return new EksDrError(code, {
    message: `Vault would not ${what} (${status}): ${words}`,
    target: url,
    cause: error,
    ...remedyOf(status, words),
  });
}

function refusalCode(status: number, words: string): ErrorCode {
  if (status === 401 || status === 403) return 'permission-denied';
  if (status === 412 || status === 429 || status === 472 || status === 473 || status >= 500) return 'remote-unavailable';
  return /path is already in use|check-and-set/.test(words) ? 'conflict' : 'remote-refused';
}

function remedyOf(status: number, words: string): { remedy?: string } {
  if (/sealed/i.test(words)) return { remedy: 'Unseal Vault, then run the step again.' };
  if (status === 403)
    return {
      remedy: 'Renew the token (VAULT_TOKEN, or VAULT_ROLE_ID with VAULT_SECRET_ID), or let its policies do this; then run the step again.',
    };
  return {};
}
