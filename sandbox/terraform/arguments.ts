import { failure } from './failure.ts';

/** A command's flags: how each may be given. `list` flags may be repeated. */
export type FlagKinds = Readonly<Record<string, 'flag' | 'value' | 'list'>>;

export interface Arguments {
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly rest: readonly string[];
}

/** Flags of every command that takes `-lock`. */
export const lockFlags: FlagKinds = { lock: 'flag', 'lock-timeout': 'value' };

/** Parses `-name`, `-name=value`, `-name value` and `--name` as Go's flag package does. Unknown flags are refused. */
export function parseArguments(args: readonly string[], kinds: FlagKinds): Arguments {
  const flags: Record<string, string[]> = {};
  const rest: string[] = [];
  const queue = [...args];
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (!arg.startsWith('-') || arg === '-') {
      // Go stops at the first argument that is no flag.
      rest.push(arg, ...queue);
      break;
    }
    const [, name = '', given] = /^--?([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const kind = kinds[name];
    if (kind === undefined) throw failure('Failed to parse command-line flags', `flag provided but not defined: -${name}`);
    const value = given ?? (kind === 'flag' ? 'true' : queue.shift());
    if (value === undefined) throw failure('Failed to parse command-line flags', `flag needs an argument: -${name}`);
    flags[name] = [...(flags[name] ?? []), value];
  }
  return { flags, rest };
}

export function isSet({ flags }: Arguments, name: string, fallback = false): boolean {
  const value = flags[name]?.at(-1);
  return value === undefined ? fallback : value === 'true' || value === '1';
}

export function lastOf({ flags }: Arguments, name: string): string | undefined {
  return flags[name]?.at(-1);
}

/** Milliseconds of a Go duration such as `20s`, `1m30s`, `0s`. */
export function durationOf(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.map(([all]) => all).join('') !== text) throw failure('Failed to parse command-line flags', `invalid duration "${text}"`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? 's'] ?? 0), 0);
}
