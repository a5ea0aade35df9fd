import type { Estate } from '../estate/estate.ts';
import type { Finding } from '../kit/step.ts';

/** Services that the waves of the estate name and that the primary doesn't run: what was to wait for them starts without. */
export function waveFindings(
  { services }: { readonly services: readonly { readonly name: string }[] },
  { services: { waves, after } }: Pick<Estate, 'services'>,
): (Finding & { readonly check: string })[] {
  const known = new Set(services.map(({ name }) => name));
  const named = new Set([
    ...waves.flatMap((wave) => wave.services),
    ...Object.entries(after).flatMap(([name, others]) => [name, ...others]),
  ]);
  const unknown = [...named].filter((name) => !known.has(name));
  if (unknown.length === 0) return [];
  return [
    {
      check: 'waves-name-services',
      severity: 'warning',
      message: `The waves of the estate name services that are not on the primary: ${unknown.join(', ')}.`,
      evidence: waves.length > 0 ? 'services.waves' : 'services.after',
      remedy: 'Correct their names, or take them out of the estate.',
    },
  ];
}
