import type { Resource, Wait } from '../kit/resource.ts';

type Wave = readonly (Resource | Wait)[];

/** Sequences that do not need each other, as one: the first of each at once, then the second of each, and so on. */
export function sideBySide(...sequences: readonly (readonly (Resource | Wait | Wave)[])[]): Wave[] {
  const length = Math.max(0, ...sequences.map((sequence) => sequence.length));
  return Array.from({ length }, (_, index) => sequences.flatMap((sequence) => [sequence[index] ?? []].flat()));
}
