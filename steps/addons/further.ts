import type { Estate } from '../estate/estate.ts';
import type { JsonObject } from '../kit/json.ts';
import type { Addon } from './addon.ts';

type Further = Estate['addons']['others'][number];

/** A further add-on of the estate's, by the same mechanism as ours. */
export function furtherAddon({ name, namespace, chart, repository, version, values, ignoreDifferences }: Further): Addon {
  return {
    name,
    namespace,
    release: name,
    skipCrds: false,
    syncOptions: ['CreateNamespace=true'],
    ignoreDifferences: ignoreDifferences as JsonObject[],
    values: values as JsonObject,
    chart: { chart, repository, version },
  };
}

/** In waves: each add-on comes after those that it names. What nobody can put in order (the estate refuses it) comes last. */
export function inOrder(others: readonly Further[]): Further[][] {
  const waves: Further[][] = [];
  let left = [...others];
  while (left.length > 0) {
    const done = new Set(waves.flat().map(({ name }) => name));
    const next = left.filter(({ after }) => after.every((name) => done.has(name)));
    const wave = next.length === 0 ? left : next;
    waves.push(wave);
    left = left.filter((one) => !wave.includes(one));
  }
  return waves;
}
