import type * as z from 'zod';
import type { Clock } from '../kit/clock.ts';
import { EksDrError, type ErrorCode } from '../kit/errors.ts';
import { describeIssues } from '../kit/parse.ts';
import { createRateLimiter } from '../kit/rate-limit.ts';
import { brief } from '../kit/text.ts';
import { limits } from './limits.ts';
import { networkReason } from './network-reason.ts';
import { readAgain } from './read-again.ts';

/** Does one call and checks its answer. Every failure is an EksDrError. */
export interface GitLabCall {
  /** Tried again while GitLab is away. */
  read<T extends z.ZodType>(what: string, answer: T, send: () => Promise<unknown>): Promise<z.infer<T>>;
  /** A read that is not tried again, and whose answer is no JSON. */
  once<T>(what: string, send: () => Promise<T>): Promise<T>;
  /** Never tried again by us: after an error, look whether it happened. */
  write<T extends z.ZodType>(what: string, answer: T, send: () => Promise<unknown>): Promise<z.infer<T>>;
  /** As a write; answered without a body. */
  remove(what: string, send: () => Promise<unknown>): Promise<void>;
}

/** What the errors of @gitbeaker/rest carry; told apart by name, so that the package need not be loaded for it. */
interface GitbeakerError extends Error {
  readonly cause?: { readonly description?: string; readonly response?: { readonly status: number } };
}

/** Wraps calls of @gitbeaker/rest. It retries 429 and 502 by itself, writes included, but no other failure. */
export function createGitLabCall(url: string, clock: Clock, signal: AbortSignal): GitLabCall {
  const limiter = createRateLimiter(clock, limits.gitlab ?? { perSecond: 15, burst: 60 });

  async function once<T>(what: string, send: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw new EksDrError('interrupted', { message: `Interrupted before: ${what}.` });
    await limiter.take(signal);
    return send().catch((thrown: unknown) => {
      throw thrown instanceof EksDrError ? thrown : translate(thrown, what, url);
    });
  }

  async function body(what: string, send: () => Promise<unknown>): Promise<unknown> {
    const answer = await once(what, send);
    if (typeof answer === 'string' && answer !== '') throw invalid(what, 'text where JSON was expected (a login page, or a proxy)', url);
    return answer;
  }

  function checked<T extends z.ZodType>(what: string, schema: T, answer: unknown): z.infer<T> {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw invalid(what, describeIssues(parsed.error)[0] ?? 'unexpected shape', url);
  }

  return {
    read: (what, schema, send) => readAgain(clock, signal, async () => checked(what, schema, await body(what, send))),
    once,
    write: async (what, schema, send) => checked(what, schema, await body(what, send)),
    remove: async (what, send) => void (await body(what, send)),
  };
}

function invalid(what: string, found: string, url: string): EksDrError {
  return new EksDrError('remote-answer-invalid', { message: `GitLab's answer is not as documented (${what}): ${found}.`, target: url });
}

/** Null for what is not there: GitLab answers 404, also for what the token may not see. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (thrown) {
    if (thrown instanceof EksDrError && statusOf(thrown.cause) === 404) return null;
    throw thrown;
  }
}

function statusOf(thrown: unknown): number | undefined {
  return (thrown as GitbeakerError | undefined)?.cause?.response?.status;
}

function translate(thrown: unknown, what: string, url: string): EksDrError {
  if (thrown instanceof SyntaxError) return invalid(what, `no whole JSON: ${brief(thrown.message)}`, url);
  const error = thrown as GitbeakerError;
  const status = statusOf(thrown);
  const words = brief(error.cause?.description ?? reasonOf(error));
  if (status === undefined) {
    return new EksDrError('remote-unavailable', { message: `GitLab could not ${what}: ${words}`, target: url, cause: thrown });
  }
  const code = refusalCode(status, words);
  const remedy =
    status === 401
      ? { remedy: 'Renew GITLAB_TOKEN: it is unknown, has expired, or lacks the scope api.' }
      : code === 'permission-denied'
        ? { remedy: 'Give the user of GITLAB_TOKEN the access level for this, then run the step again.' }
        : {};
  return new EksDrError(code, { message: `GitLab would not ${what} (${status}): ${words}`, target: url, cause: thrown, ...remedy });
}

// 405 and 422 answer a merge that can't be done now; 406 is what older versions say for a conflict. 400 covers what exists already and
// files that changed since `last_commit_id`.
function refusalCode(status: number, words: string): ErrorCode {
  if (status === 401 || status === 403) return 'permission-denied';
  if (status === 405 || status === 406 || status === 409 || status === 412) return 'conflict';
  if (status === 429 || status >= 500) return 'remote-unavailable';
  const overtaken =
    /already exists|has changed since you started|doesn't exist|does not exist|branch cannot be merged|sha does not match|could not update refs?/i;
  if ((status === 400 || status === 422) && overtaken.test(words)) return 'conflict';
  return 'remote-refused';
}

function reasonOf(error: GitbeakerError): string {
  const cause = error.cause as unknown;
  if (cause instanceof Error) return networkReason(cause);
  return error.message;
}
