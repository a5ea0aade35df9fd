import type * as z from 'zod';
import type { Clock } from '../kit/clock.ts';
import { EksDrError, type ErrorCode } from '../kit/errors.ts';
import { describeIssues } from '../kit/parse.ts';
import { createRateLimiter } from '../kit/rate-limit.ts';
import { brief } from '../kit/text.ts';
import { ANSWER_SECONDS, limits } from './limits.ts';
import { networkReason } from './network-reason.ts';
import { readAgain } from './read-again.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface RequestOptions<T extends z.ZodType> {
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  readonly answer: T;
}

/** Sends one request to Argo CD and gives its checked answer. */
export type ArgoRequest = <T extends z.ZodType>(method: Method, path: string, options: RequestOptions<T>) => Promise<z.infer<T>>;

/** `signal` ends reads only: a write that is under way is finished. */
export function createArgoRequest(options: {
  readonly url: string;
  readonly token: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly answerSeconds?: number | undefined;
}): ArgoRequest {
  const { url, token, clock, signal, answerSeconds = ANSWER_SECONDS } = options;
  const limiter = createRateLimiter(clock, limits.argocd ?? { perSecond: 15, burst: 30 });

  return async (method, path, { query = {}, body, answer }) => {
    const address = `${url}${path}${queryText(query)}`;
    const target = `${method} ${url}${path}`;
    const once = async () => {
      await limiter.take(signal);
      const response = await send(address, { method, body, token, answerSeconds, signal: method === 'GET' ? signal : undefined }, target);
      return parse(response, answer, target);
    };
    return method === 'GET' ? readAgain(clock, signal, once) : once();
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function send(
  address: string,
  request: { method: Method; body: unknown; token: string; answerSeconds: number; signal: AbortSignal | undefined },
  target: string,
): Promise<Answer> {
  const { method, body, token, answerSeconds, signal } = request;
  const limit = AbortSignal.timeout(answerSeconds * 1000);
  try {
    const response = await fetch(address, {
      method,
      // Argo CD refuses any change without this type (415), even one without a body.
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
  } catch (thrown) {
    if (signal?.aborted === true) throw new EksDrError('interrupted', { message: `Interrupted while waiting for ${target}.` });
    const why = limit.aborted ? `no answer within ${answerSeconds} s` : reason(thrown);
    throw new EksDrError('remote-unavailable', { message: `Argo CD could not be reached: ${target}: ${why}.`, target, cause: thrown });
  }
}

function parse<T extends z.ZodType>(response: Answer, answer: T, target: string): z.infer<T> {
  const body = json(response.text);
  if (response.status >= 300) throw refusal(response, body, target);
  if (body === undefined) throw invalid(target, `the answer is not JSON (${response.type === '' ? 'no type' : response.type})`);
  const parsed = answer.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(target, describeIssues(parsed.error)[0] ?? 'unexpected shape');
}

/** A cluster has refused Argo CD, which passes that on with its code. While a new access entry spreads this may yet change. */
const DESTINATION_REFUSES = /the server has asked for the client to provide credentials/;

function refusal({ status, text }: Answer, body: unknown, target: string): EksDrError {
  const fields = typeof body === 'object' && body !== null ? (body as { message?: unknown; error?: unknown; code?: unknown }) : {};
  const said = [fields.message, fields.error].find((value) => typeof value === 'string' && value !== '') ?? text;
  const words = brief(String(said));
  if (body === undefined && status !== 401 && status !== 403 && status < 500)
    return invalid(target, `status ${status} and no JSON: ${words}`);
  const code = refusalCode(status, fields.code, words);
  return new EksDrError(code, {
    message: `Argo CD refused ${target} (${status}): ${words}`,
    target,
    remedy: remedyOf(status, code, words),
  });
}

function remedyOf(status: number, code: ErrorCode, words: string): string | undefined {
  if (DESTINATION_REFUSES.test(words))
    return 'Give the role by which Argo CD logs in (argocd.roleArn) an access entry on the cluster; a new one takes some seconds. Then run the step again.';
  if (status === 401) return 'Renew ARGOCD_AUTH_TOKEN: it is unknown or has expired.';
  if (code === 'permission-denied')
    return 'Let the account of ARGOCD_AUTH_TOKEN do this in the RBAC policy of Argo CD, then run the step again.';
  return undefined;
}

// gRPC codes behind the statuses: 7 PermissionDenied, 16 Unauthenticated, 6 AlreadyExists, 10 Aborted (a Kubernetes conflict).
// Source: util/grpc/errors.go of Argo CD and the status table of grpc-gateway.
function refusalCode(status: number, grpcCode: unknown, words: string): ErrorCode {
  if (DESTINATION_REFUSES.test(words)) return 'remote-unavailable';
  if (status === 401 || status === 403 || grpcCode === 7 || grpcCode === 16) return 'permission-denied';
  if (status === 409 || grpcCode === 6 || grpcCode === 10) return 'conflict';
  if (
    /another operation is already in progress|the object has been modified|existing (cluster|application|project) spec is different|is referenced by \d+ applications/i.test(
      words,
    )
  )
    return 'conflict';
  if (status === 429 || (status >= 500 && status !== 501)) return 'remote-unavailable';
  return 'remote-refused';
}

function invalid(target: string, what: string): EksDrError {
  return new EksDrError('remote-answer-invalid', { message: `Argo CD's answer to ${target} is not as documented: ${what}.`, target });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function queryText(query: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const item of value === undefined ? [] : typeof value === 'string' ? [value] : value) params.append(key, item);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** `fetch failed` alone says nothing: the reason stands in its cause. */
function reason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  return cause instanceof Error ? networkReason(cause) : thrown.message;
}
