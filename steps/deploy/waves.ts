import type { Estate } from '../estate/estate.ts';

/** What of the estate says which services come before which. */
export type WaveRules = Pick<Estate['services'], 'waves' | 'after' | 'tiers'>;

interface Service {
  readonly name: string;
  readonly tier: string;
}

/** The services of one wave: they start together, once those of the wave before are healthy. */
export interface Wave<S> {
  readonly number: number;
  readonly services: readonly S[];
}

/**
 * The number of a service's wave, from 1; null where the estate has no waves and all start at once. A service that a wave names counts to that
 * one, whatever its tier; one that no wave takes comes last. With `after` a service comes one wave later than the latest it waits for.
 * The number follows from the estate alone, so that it is the same however few services a run recovers.
 */
export function waveNumber({ name, tier }: Service, { waves, after, tiers }: WaveRules): number | null {
  if (Object.keys(after).length > 0) return depth(name, after);
  if (waves.length === 0) return null;
  const counted = tiers.some((one) => one.name === tier) ? tier : (tiers.at(-1)?.name ?? '');
  const byName = waves.findIndex((wave) => wave.services.includes(name));
  const index = byName >= 0 ? byName : waves.findIndex((wave) => wave.tiers.includes(counted));
  return (index < 0 ? waves.length : index) + 1;
}

/** How long the longest chain is that ends with this service. The estate is refused where a chain has no end. */
function depth(name: string, after: WaveRules['after'], known = new Map<string, number>()): number {
  const before = Object.hasOwn(after, name) ? (after[name] ?? []) : [];
  const found = known.get(name) ?? 1 + Math.max(0, ...before.map((other) => depth(other, after, known)));
  known.set(name, found);
  return found;
}

/** The waves that hold a service of this run, first to last; none where all start at once. */
export function wavesOf<S extends { readonly wave: number | null }>(services: readonly S[]): Wave<S>[] {
  const numbers = [...new Set(services.flatMap(({ wave }) => wave ?? []))].toSorted((a, b) => a - b);
  return numbers.map((number) => ({ number, services: services.filter(({ wave }) => wave === number) }));
}

/** What stands before the path of a file within the recovery's folder: each wave has a folder there, which Argo CD deploys by itself. */
export function wavePrefix(wave: number | null): string {
  return wave === null ? '' : `wave-${wave}/`;
}

/** The path without the folder of its wave. */
export function withoutWave(path: string): string {
  return path.replace(/^wave-\d+\//, '');
}
