import type { SandboxResponse } from '../system.ts';

/** Thrown by a handler: the answer instead of a success. */
export interface Refusal {
  readonly refusal: SandboxResponse;
}

export function isRefusal(thrown: unknown): thrown is Refusal {
  return typeof thrown === 'object' && thrown !== null && 'refusal' in thrown;
}

export function json(status: number, body: unknown): SandboxResponse {
  return { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: `${JSON.stringify(body)}\n` };
}

export const errors = (status: number, ...messages: string[]): SandboxResponse => json(status, { errors: messages });

export function refuse(status: number, ...messages: string[]): never {
  throw { refusal: errors(status, ...messages) } satisfies Refusal;
}

/** What is not there: 404 with nothing to say about it. */
export function absent(): never {
  return refuse(404);
}

export interface Envelope {
  readonly data?: unknown;
  readonly warnings?: readonly string[] | undefined;
  readonly auth?: unknown;
}

/** A success with something in it. */
export function answer({ data = null, warnings, auth = null }: Envelope): SandboxResponse {
  return json(200, {
    request_id: 'sandbox',
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data,
    wrap_info: null,
    warnings: warnings === undefined || warnings.length === 0 ? null : warnings,
    auth,
  });
}

export const done: SandboxResponse = { status: 204, headers: { 'cache-control': 'no-store' } };

/** Names as a list answers them; an empty list is absent. */
export function keys(names: readonly string[]): SandboxResponse {
  return names.length === 0 ? absent() : answer({ data: { keys: names.toSorted() } });
}
