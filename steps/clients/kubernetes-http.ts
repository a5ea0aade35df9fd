import { Agent } from 'node:https';
import type { HttpMethod, RequestContext, ResponseContext } from '@kubernetes/client-node';
import type { Clock } from '../kit/clock.ts';
import { EksDrError } from '../kit/errors.ts';
import type { RateLimiter } from '../kit/rate-limit.ts';
import { kubernetesFailure, unreachable } from './kubernetes-errors.ts';
import { ANSWER_SECONDS } from './limits.ts';

const CONNECT_MS = 5_000;
const ATTEMPTS = 4;

export interface KubernetesRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Percent-encoded, from `/api` or `/apis` on. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** In which form the answer is wanted; `application/json` unless given. */
  readonly accept?: string | undefined;
}

/** The answer to a request: parsed JSON, or null for 404. Anything else that is not 2xx is thrown. */
export type SendToKubernetes = (request: KubernetesRequest) => Promise<unknown>;

/**
 * Requests to one API server through @kubernetes/client-node's request and transport layer. Its models stay out of the way:
 * they drop fields that this version of the package doesn't know, turn times into Dates, and its object API lower-cases names.
 * All but POST is tried again on network errors, 429 and 5xx, and everything on 401, since a new access entry takes seconds to reach every
 * API server; the CA of the cluster is always verified.
 */
export async function connectHttp(options: {
  readonly endpoint: string;
  /** PEM. */
  readonly ca: string;
  readonly token: () => Promise<string>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limiter: RateLimiter;
  readonly answerSeconds?: number | undefined;
}): Promise<SendToKubernetes> {
  const { endpoint, token, clock, signal, limiter, answerSeconds = ANSWER_SECONDS } = options;
  const client = await import('./kubernetes-transport.ts');
  const transport = new client.IsomorphicFetchHttpLibrary();
  const agent = verifyingAgent(options.ca);

  async function prepare(request: KubernetesRequest): Promise<RequestContext> {
    const context = new client.RequestContext(`${endpoint}${request.path}`, request.method as HttpMethod);
    for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) context.setQueryParam(name, value);
    context.setHeaderParam('Authorization', `Bearer ${await token()}`);
    context.setHeaderParam('Accept', request.accept ?? 'application/json');
    context.setHeaderParam('User-Agent', 'eks-dr');
    if (request.body !== undefined) {
      context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
      context.setBody(JSON.stringify(request.body));
    }
    context.setAgent(agent);
    context.setSignal(AbortSignal.timeout(answerSeconds * 1000));
    return context;
  }

  async function attempt(request: KubernetesRequest): Promise<unknown> {
    await limiter.take(signal);
    const context = await prepare(request);
    const asked = { method: request.method, path: request.path, endpoint };
    const { status, text } = await received(transport.send(context).toPromise(), asked);
    const json = parsed(text);
    // The API server answers unknown paths in plain text; any other text comes from something in between.
    if (status === 404 && (json !== undefined || text.startsWith('404 page not found'))) return null;
    if (status < 200 || status > 299) throw kubernetesFailure(status, json, text, asked);
    if (json === undefined) {
      throw new EksDrError('remote-answer-invalid', {
        message: `Kubernetes ${request.method} ${request.path} at ${endpoint} answered ${status} with something other than JSON.`,
        target: endpoint,
      });
    }
    return json;
  }

  return async (request) => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await attempt(request);
      } catch (thrown) {
        if (!mayRepeat(thrown, request.method) || tried === ATTEMPTS || signal.aborted) throw thrown;
        await clock.sleep(0.5 * 2 ** tried, signal);
      }
    }
  };
}

function mayRepeat(thrown: unknown, method: KubernetesRequest['method']): boolean {
  if (!(thrown instanceof EksDrError)) return false;
  return thrown.code === 'login-refused' || (thrown.code === 'remote-unavailable' && method !== 'POST');
}

/** Keeps connections alive; verifies the server against this CA alone; gives up on a connection after 5 seconds. */
function verifyingAgent(ca: string): Agent {
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 24, rejectUnauthorized: true });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    if (socket == null) return socket;
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
    socket.once('secureConnect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    return socket;
  };
  return agent;
}

/** Status and whole text of an answer; a failure on the way is `remote-unavailable`. */
async function received(
  answering: Promise<ResponseContext>,
  asked: { readonly method: string; readonly path: string; readonly endpoint: string },
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const answer = await answering;
    return { status: answer.httpStatusCode, text: await answer.body.text() };
  } catch (thrown) {
    throw unreachable(thrown, asked);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
