import type { Sandbox } from '../system.ts';
import { fail } from './grpc.ts';
import type { ArgoCdState } from './state.ts';

/** One authenticated request. */
export interface Call {
  readonly sandbox: Sandbox;
  readonly state: ArgoCdState;
  readonly account: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly accept: string;
}

/** `true` or `false` in the query or the body; undefined when it isn't given. */
export function flag(call: Call, name: string): boolean | undefined {
  const value = call.query.get(name) ?? call.body[name];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === 'true' || value === '1') return true;
  if (value === false || value === 'false' || value === '0') return false;
  return fail('InvalidArgument', `type mismatch, parameter: ${name}, error: strconv.ParseBool: parsing "${String(value)}": invalid syntax`);
}

/** The gateway's answer to a body that isn't the message it expects. */
export function objectIn(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return fail('InvalidArgument', `missing payload '${name}' in request`);
}
