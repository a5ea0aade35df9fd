import { STATUS_CODES } from 'node:http';
import type { SandboxResponse } from '../system.ts';

/** gRPC codes with the HTTP status that the gateway turns them into. */
const statuses = {
  Unknown: [2, 500],
  InvalidArgument: [3, 400],
  NotFound: [5, 404],
  AlreadyExists: [6, 409],
  PermissionDenied: [7, 403],
  FailedPrecondition: [9, 400],
  Aborted: [10, 409],
  Unimplemented: [12, 501],
  Internal: [13, 500],
  Unauthenticated: [16, 401],
} as const;

export type GrpcCode = keyof typeof statuses;

export type GrpcError = Error & { readonly grpc: GrpcCode };

/** Ends a request as the gateway does: `{ "error", "code", "message" }`. */
export function fail(code: GrpcCode, message: string): never {
  throw Object.assign(new Error(message), { grpc: code });
}

export function isGrpcError(thrown: unknown): thrown is GrpcError {
  return thrown instanceof Error && 'grpc' in thrown;
}

export function grpcResponse(code: GrpcCode, message: string): SandboxResponse {
  const [number, status] = statuses[code];
  return json({ error: message, code: number, message }, status);
}

/** How the gateway refuses a stream. */
export function streamError({ grpc, message }: GrpcError): SandboxResponse {
  const [number, status] = statuses[grpc];
  return json({ error: { grpc_code: number, http_code: status, message, http_status: STATUS_CODES[status] } }, status);
}

export function json(body: unknown, status = 200): SandboxResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
