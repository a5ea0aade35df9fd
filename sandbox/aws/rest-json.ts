import type { SandboxRequest, SandboxResponse } from '../system.ts';
import { awsFault } from './fault.ts';
import { requestId } from './request-id.ts';

/** A successful answer of the rest-json protocol. Times in it are seconds since 1970. */
export function jsonResponse(body: unknown, status = 200): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId() },
    body: JSON.stringify(body),
  };
}

/** An error answer of the rest-json protocol: the code in a header and in the body, `members` as the error's own fields. */
export function jsonError(code: string, status: number, message: string, members: Readonly<Record<string, unknown>> = {}): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId(), 'x-amzn-errortype': code },
    body: JSON.stringify({ ...members, __type: code, message }),
  };
}

/** The JSON object in the body; an empty body is an empty object. */
export function jsonBody(request: Pick<SandboxRequest, 'body'>): Record<string, unknown> {
  if (request.body.length === 0) return {};
  const value = parse(request.body.toString('utf8'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw awsFault(400, 'SerializationException', 'The request body is not a JSON object.');
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw awsFault(400, 'SerializationException', 'The request body is not valid JSON.');
  }
}
