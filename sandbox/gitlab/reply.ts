import type { SandboxResponse } from '../system.ts';

/** Thrown to end a request with an error as GitLab words it. */
export type Refusal = Error & { readonly refusal: SandboxResponse };

export function refuse(status: number, body: Readonly<Record<string, unknown>>): never {
  throw Object.assign(new Error(JSON.stringify(body)), { refusal: json(status, body) });
}

export function isRefusal(thrown: unknown): thrown is Refusal {
  return thrown instanceof Error && 'refusal' in thrown;
}

export function notFound(what: string): never {
  return refuse(404, { message: `404 ${what} Not Found` });
}

export function forbidden(why?: string): never {
  return refuse(403, { message: why === undefined ? '403 Forbidden' : `403 Forbidden - ${why}` });
}

export function badRequest(message: unknown): never {
  return refuse(400, { message });
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): SandboxResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export const noContent: SandboxResponse = { status: 204 };

/** Times as GitLab writes them: `2026-11-24T02:29:00.000Z`. */
export function time(at: number): string {
  return new Date(at).toISOString();
}
