import { closest } from 'fastest-levenshtein';
import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';
import type { Finding } from '../kit/step.ts';
import { chooseServices } from '../rendering/choose-services.ts';
import type { Inventory } from './inventory.ts';

type NamedFinding = Finding & { readonly check: string };

/** Names in the run that no service has: found here, not when half of the recovery is done. */
export function nameFindings(
  inventory: Inventory,
  run: Pick<Run, 'mode' | 'services' | 'waivers'>,
  drill: Estate['drill'],
): NamedFinding[] {
  const names = [...inventory.services, ...inventory.withoutTemplate].map(({ name }) => name);
  const unknown = (wanted: readonly string[]) => [...new Set(wanted)].filter((name) => !names.includes(name));
  const about = { evidence: `${names.length} applications on ${inventory.primary.cluster}` };
  const closestTo = (name: string): string => (names.length === 0 ? '' : ` The closest name is ${closest(name, names)}.`);
  return [
    ...unknown(run.services === 'all' ? [] : run.services).map(
      (name): NamedFinding => ({
        ...about,
        check: 'services-exist',
        severity: 'blocker',
        message: `The run shall recover the service ${name}, but no application on the primary has that name.${closestTo(name)}`,
        remedy: 'Start a new run with the names of Argo CD applications on the primary cluster, or with all.',
      }),
    ),
    // A waiver can't be taken out of a run again, so a slip in one must not stop it.
    ...unknown(run.waivers.map(({ service }) => service)).map(
      (name): NamedFinding => ({
        ...about,
        check: 'waivers-exist',
        severity: 'warning',
        message: `The waiver for ${name} excuses nothing: no application on the primary has that name.${closestTo(name)}`,
        remedy: 'Waive the service under its right name when you continue the run.',
      }),
    ),
    ...(run.mode === 'drill' ? drillFindings(inventory, run, drill, { ...about, unknown, closestTo }) : []),
  ];
}

/** What may run in a drill is said by name: a slip in `except` would let run what must not. */
function drillFindings(
  { services }: Inventory,
  run: Pick<Run, 'mode' | 'services'>,
  drill: Estate['drill'],
  {
    unknown,
    closestTo,
    ...about
  }: Pick<NamedFinding, 'evidence'> & {
    readonly unknown: (wanted: readonly string[]) => readonly string[];
    readonly closestTo: (name: string) => string;
  },
): NamedFinding[] {
  const named = typeof drill.services === 'string' ? { names: [], except: [] } : drill.services;
  const slips = (['names', 'except'] as const).flatMap((list) => unknown(named[list]).map((name) => ({ list, name })));
  const running = new Set(chooseServices(services, { mode: run.mode, services: 'all' }, drill).map(({ name }) => name));
  const kept = run.services === 'all' ? [] : run.services.filter((name) => services.some((one) => one.name === name) && !running.has(name));
  return [
    ...slips.map(
      ({ list, name }): NamedFinding => ({
        ...about,
        check: 'drill-services-exist',
        severity: list === 'except' ? 'blocker' : 'warning',
        message: `drill.services.${list} names ${name}, but no application on the primary has that name.${closestTo(name)}`,
        remedy: `Correct drill.services.${list} in the estate.`,
      }),
    ),
    ...(kept.length === 0
      ? []
      : [
          {
            ...about,
            check: 'drill-services-allow',
            severity: 'warning' as const,
            message: `The run names services that drill.services does not let run in a drill; they are left out: ${kept.join(', ')}.`,
            remedy: 'Allow them under drill.services in the estate, if no pod of theirs can touch production data.',
          },
        ]),
  ];
}
