import type { Estate } from '../../steps/estate/estate.ts';
import type { Mistake, Path } from './mistake.ts';
import { didYouMean } from './suggest.ts';

/** What no single field can get wrong by itself: names that stand for something elsewhere in the file. */
export function crossReferenceMistakes(estate: Estate, stepIds: readonly string[]): readonly Mistake[] {
  const tiers = estate.services.tiers.map(({ name }) => name);
  const selection = typeof estate.drill.services === 'object' ? estate.drill.services : undefined;
  return [
    ...unknownName(['defaultTarget'], estate.defaultTarget, Object.keys(estate.targets), 'target'),
    ...repeated(tiers, (index) => ['services', 'tiers', index, 'name'], 'tier'),
    ...(selection?.tiers ?? []).flatMap((name, index) => unknownName(['drill', 'services', 'tiers', index], name, tiers, 'tier')),
    ...Object.keys(estate.approvals.steps).flatMap((id) =>
      unknownName(['approvals', 'steps', id], id, stepIds, 'step').map((mistake) => ({ ...mistake, aboutKey: true })),
    ),
    ...zoneMistakes(estate),
    ...backendMistakes(estate),
    ...destinationMistakes(estate),
  ];
}

function unknownName(path: Path, name: string, known: readonly string[], noun: string): readonly Mistake[] {
  if (known.includes(name)) return [];
  return [{ path, message: `there is no ${noun} "${name}"`, suggestion: didYouMean(name, known) ?? `known: ${known.join(', ')}` }];
}

function repeated(names: readonly string[], pathOf: (index: number) => Path, noun: string): readonly Mistake[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [{ path: pathOf(index), message: `the ${noun} "${name}" stands here twice` }],
  );
}

// A drill that switched a production zone would be the outage it rehearses for.
function zoneMistakes(estate: Estate): readonly Mistake[] {
  const production = estate.route53.zones.map(({ id }) => id);
  const drill = estate.drill.zones.map(({ id }) => id);
  return [
    ...repeated(production, (index) => ['route53', 'zones', index, 'id'], 'zone'),
    ...repeated(drill, (index) => ['drill', 'zones', index, 'id'], 'zone'),
    ...drill.flatMap((id, index) =>
      production.includes(id)
        ? [
            {
              path: ['drill', 'zones', index, 'id'],
              message: `the zone ${id} is a production zone (route53.zones); a drill may not have it`,
            },
          ]
        : [],
    ),
  ];
}

// Two recoveries in one state would destroy each other's cluster.
function backendMistakes(estate: Estate): readonly Mistake[] {
  const { backend } = estate.terraform;
  if (Object.values(backend).some((value) => value.includes('${run}'))) return [];
  const key = ['key', 'prefix', 'path', 'workspace_key_prefix'].find((name) => name in backend);
  const path = key === undefined ? ['terraform', 'backend'] : ['terraform', 'backend', key];
  return [
    { path, message: 'must hold ${run}, so that each recovery has a state of its own', suggestion: 'for example eks-dr/${run}.tfstate' },
  ];
}

function destinationMistakes(estate: Estate): readonly Mistake[] {
  const { name, server } = estate.primary.argocdDestination;
  if (name !== undefined || server !== undefined) return [];
  return [{ path: ['primary', 'argocdDestination'], message: 'must have a name, a server, or both' }];
}
