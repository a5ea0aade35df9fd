import type { Estate } from '../../steps/estate/estate.ts';
import type { Mistake, Path } from './mistake.ts';
import { unknownName } from './names.ts';

/** Waves that leave open which services come when: names of no tier, twice named ones, and services that wait for each other. */
export function waveMistakes({ services: { waves, after, tiers } }: Pick<Estate, 'services'>): readonly Mistake[] {
  const known = tiers.map(({ name }) => name);
  const both = waves.length > 0 && Object.keys(after).length > 0;
  return [
    ...(both
      ? [{ path: ['services', 'after'], message: 'says in another way what services.waves says; only one of them may stand here' }]
      : []),
    ...waves.flatMap((wave, index): Mistake[] =>
      wave.tiers.length + wave.services.length === 0
        ? [{ path: ['services', 'waves', index], message: 'must name tiers, services, or both' }]
        : wave.tiers.flatMap((name, place) => unknownName(['services', 'waves', index, 'tiers', place], name, known, 'tier')),
    ),
    ...twice(waves, 'tiers', 'tier'),
    ...twice(waves, 'services', 'service'),
    ...circles(after),
  ];
}

function twice(waves: Estate['services']['waves'], of: 'tiers' | 'services', noun: string): Mistake[] {
  const named = waves.flatMap((wave, index) =>
    wave[of].map((name, place) => ({ name, path: ['services', 'waves', index, of, place] as Path })),
  );
  const seen = new Set<string>();
  return named
    .filter(({ name }) => seen.size === seen.add(name).size)
    .map(({ name, path }) => ({ path, message: `the ${noun} "${name}" has a wave already` }));
}

/** One mistake for each circle, at the service of it that stands first. */
function circles(after: Estate['services']['after']): Mistake[] {
  const done = new Set<string>();
  const found: Mistake[] = [];
  const follow = (name: string, way: readonly string[]): void => {
    const start = way.indexOf(name);
    if (start >= 0) {
      const circle = way.slice(start);
      found.push({
        path: ['services', 'after', name],
        aboutKey: true,
        message: `waits for itself: ${[...circle, name].join(' after ')}`,
      });
      return;
    }
    if (done.has(name)) return;
    for (const other of Object.hasOwn(after, name) ? (after[name] ?? []) : []) follow(other, [...way, name]);
    done.add(name);
  };
  for (const name of Object.keys(after)) follow(name, []);
  return found;
}
