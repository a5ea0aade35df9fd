import type { Engine } from './engine.ts';
import type { GoneWithCluster } from './plan.ts';
import { type Description, isWait, type Resource, type Wait } from './resource.ts';
import type { Folded } from './undo.ts';

type Lookup = Pick<Engine<never>, 'driver'>;

/** What can be taken back of changes without the cluster, and what went with it. */
export function foldedWithoutCluster(
  { driver }: Lookup,
  folded: readonly (readonly Folded[])[],
): { readonly folded: readonly (readonly Folded[])[]; readonly gone: readonly GoneWithCluster[] } {
  const gone: GoneWithCluster[] = [];
  const rest = folded.map((wave) =>
    wave.flatMap((change): Folded[] => {
      const { kind, id, before } = change;
      const fact = driver(kind).withoutCluster;
      if (fact === 'gone') gone.push({ kind, id });
      // What was there before the run is given back all the same.
      if (fact === undefined || (fact !== 'gone' && before !== null)) return [change];
      return typeof fact === 'string' ? [] : [{ ...change, kind: fact.as }];
    }),
  );
  return { folded: rest, gone };
}

/** The same of what a step describes itself, which knows best what else needs the cluster. */
export function describedWithoutCluster(
  { driver }: Lookup,
  description: Description,
): { readonly description: Description; readonly gone: readonly GoneWithCluster[] } {
  const gone: GoneWithCluster[] = [];
  const left = (item: Resource | Wait): (Resource | Wait)[] => {
    if (isWait(item) || driver(item.kind).withoutCluster !== 'gone') return [item];
    gone.push({ kind: item.kind, id: item.id });
    return [];
  };
  const rest = description.map((entry) => (Array.isArray(entry) ? entry : [entry as Resource | Wait]).flatMap(left));
  return { description: rest, gone };
}
