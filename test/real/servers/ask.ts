import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

export interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly token?: string;
  /** PEM; where absent, Node's own. */
  readonly ca?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a string. */
  readonly body?: unknown;
  /** In ms. */
  readonly limit?: number;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** One HTTP request; any status is an answer. Throws when none comes. */
export async function ask(url: string, question: Question = {}): Promise<Reply> {
  const { method = 'GET', token, ca, body, limit = 10_000 } = question;
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  // Without a length Node sends the body of a DELETE behind the request, not in it.
  const described = payload !== undefined && {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(payload)),
  };
  const headers: Record<string, string> = { ...described, ...question.headers };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const options = { method, headers, signal: AbortSignal.timeout(limit), ...(ca !== undefined && { ca }) };
  const sent = url.startsWith('https:') ? tlsRequest(url, options) : plainRequest(url, options);
  const answered = new Promise<Reply>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      text(response).then((received) => resolve({ status: response.statusCode ?? 0, text: received }), reject);
    });
  });
  sent.end(payload);
  return answered;
}

/** The same, for an answer that must be JSON with status 2xx. */
export async function askJson(url: string, question: Question = {}): Promise<unknown> {
  const reply = await ask(url, question);
  if (reply.status < 200 || reply.status > 299) {
    throw new Error(`${question.method ?? 'GET'} ${url}: ${reply.status} ${reply.text.slice(0, 300)}`);
  }
  return JSON.parse(reply.text);
}

/** Throws unless the answer is 200: for health endpoints. */
export async function expectOk(url: string, question: Question = {}): Promise<void> {
  const { status, text: received } = await ask(url, { limit: 2_000, ...question });
  if (status !== 200) throw new Error(`${url}: ${status} ${received.slice(-200)}`);
}
