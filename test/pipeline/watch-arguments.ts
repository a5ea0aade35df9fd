import { readdirSync, readFileSync } from 'node:fs';
import { secretsIn } from '../canaries.ts';

/** Looks again and again at the arguments of every process of this machine for these secrets. Only where there is /proc. */
export function watchArguments(secrets: readonly string[]): { stop(): void; found(): string[] } {
  const seen = new Set<string>();
  const found = new Set<string>();
  const timer = setInterval(() => {
    for (const line of commandLines()) {
      if (seen.has(line)) continue;
      seen.add(line);
      if (secretsIn(line, secrets).length > 0) found.add(line);
    }
  }, 200);
  return { stop: () => clearInterval(timer), found: () => [...found] };
}

function commandLines(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
