import type { Sandbox } from '../system.ts';
import { refuse } from './reply.ts';
import type { VaultState, VaultToken } from './state.ts';

/** One request that got through to its handler. */
export interface Call {
  readonly sandbox: Sandbox;
  readonly state: VaultState;
  /** Null where no token is needed. */
  readonly token: VaultToken | null;
  /** What the route's pattern captured. */
  readonly at: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export function text(call: Pick<Call, 'body'>, name: string, without = ''): string {
  const value = call.body[name];
  if (value === undefined || value === null) return without;
  if (typeof value === 'object') return refuse(400, `error converting input for field "${name}"`);
  return String(value);
}

export function flag(call: Pick<Call, 'body'>, name: string, without: boolean): boolean {
  const value = call.body[name];
  if (value === undefined || value === null) return without;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return refuse(400, `error converting input for field "${name}"`);
}

/** A list, or text with commas. */
export function list(call: Pick<Call, 'body'>, name: string): readonly string[] | undefined {
  const value = call.body[name];
  if (value === undefined || value === null) return undefined;
  const items = Array.isArray(value) ? value.map(String) : String(value).split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds, as a number or as text such as `90s` and `1h30m`. */
export function duration(call: Pick<Call, 'body'>, name: string, without: number): number {
  const value = call.body[name];
  if (value === undefined || value === null || value === '') return without;
  if (/^\d+$/.test(String(value))) return Number(value);
  const parts = [...String(value).matchAll(/(\d+)([smhd])/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== value)
    return refuse(400, `error converting input for field "${name}"`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? 's'] ?? 1), 0);
}

/** A new accessor or token: different each time, and the same in each run. */
export function nextId(state: VaultState, length: number): string {
  state.counter += 1;
  return (state.counter * 2_654_435_761).toString(16).padStart(length, '0').slice(-length);
}
