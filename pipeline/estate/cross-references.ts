import { STATE_PLACES, stateArgument } from '../../steps/clients/terraform-stack-ref.ts';
import { type Estate, estate } from '../../steps/estate/estate.ts';
import { s3Location } from '../../steps/estate/s3-location.ts';
import { addonMistakes } from './addon-mistakes.ts';
import type { Mistake } from './mistake.ts';
import { repeated, unknownName } from './names.ts';
import { translationMistakes } from './translation-mistakes.ts';
import { waveMistakes } from './wave-mistakes.ts';

/** A rule across parts of the estate; it is looked at as soon as these parts are right by themselves. */
interface Rule {
  readonly parts: readonly (keyof Estate)[];
  find(estate: Estate, stepIds: readonly string[]): readonly Mistake[];
}

const rules: readonly Rule[] = [
  {
    parts: ['defaultTarget', 'targets'],
    find: ({ defaultTarget, targets }) => unknownName(['defaultTarget'], defaultTarget, Object.keys(targets), 'target'),
  },
  { parts: ['services'], find: (estate) => repeated(tierNames(estate), (index) => ['services', 'tiers', index, 'name'], 'tier') },
  {
    parts: ['services'],
    find: ({ services }) =>
      repeated(
        services.probes.map(({ name }) => name),
        (index) => ['services', 'probes', index, 'name'],
        'probe',
      ),
  },
  { parts: ['services'], find: waveMistakes },
  { parts: ['services', 'drill'], find: selectionMistakes },
  { parts: ['approvals'], find: approvalMistakes },
  { parts: ['route53', 'drill'], find: zoneMistakes },
  { parts: ['apiGateway', 'drill'], find: apiMistakes },
  { parts: ['apiGateway', 'targets'], find: linkGroupMistakes },
  { parts: ['cloudfront', 'drill'], find: distributionMistakes },
  { parts: ['terraform'], find: backendMistakes },
  { parts: ['inventory'], find: archiveMistakes },
  { parts: ['primary'], find: destinationMistakes },
  { parts: ['vault', 'namespaces'], find: reviewerMistakes },
  { parts: ['vault', 'addons'], find: injectorMistakes },
  { parts: ['addons'], find: addonMistakes },
  { parts: ['targets'], find: translationMistakes },
];

/** What no single field can get wrong by itself: names that stand for something elsewhere in the file. `value`: the file as it was read. */
export function crossReferenceMistakes(value: unknown, stepIds: readonly string[]): readonly Mistake[] {
  const sound = soundParts(value);
  return rules.filter(({ parts }) => parts.every((part) => part in sound)).flatMap(({ find }) => find(sound as Estate, stepIds));
}

/** The parts of the estate that are right by themselves, with their defaults. */
function soundParts(value: unknown): Partial<Estate> {
  const given = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const parsed = Object.entries(estate.shape).map(([part, schema]) => [part, schema.safeParse(given[part])] as const);
  return Object.fromEntries(parsed.flatMap(([part, result]) => (result.success ? [[part, result.data]] : []))) as Partial<Estate>;
}

function tierNames({ services }: Pick<Estate, 'services'>): string[] {
  return services.tiers.map(({ name }) => name);
}

function selectionMistakes({ services, drill }: Estate): readonly Mistake[] {
  if (typeof drill.services !== 'object') return [];
  const tiers = tierNames({ services });
  return drill.services.tiers.flatMap((name, index) => unknownName(['drill', 'services', 'tiers', index], name, tiers, 'tier'));
}

function approvalMistakes({ approvals }: Estate, stepIds: readonly string[]): readonly Mistake[] {
  return Object.keys(approvals.steps).flatMap((id) =>
    unknownName(['approvals', 'steps', id], id, stepIds, 'step').map((mistake) => ({ ...mistake, aboutKey: true })),
  );
}

// A drill that switched a production zone would be the outage it rehearses for.
function zoneMistakes({ route53, drill: { zones } }: Estate): readonly Mistake[] {
  const production = route53.zones.map(({ id }) => id);
  const drill = zones.map(({ id }) => id);
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

function apiMistakes({ apiGateway, drill }: Estate): readonly Mistake[] {
  const production = apiGateway.apis.map(({ id }) => id);
  const drills = drill.apis.map(({ id }) => id);
  return [
    ...repeated(production, (index) => ['apiGateway', 'apis', index, 'id'], 'API'),
    ...repeated(drills, (index) => ['drill', 'apis', index, 'id'], 'API'),
    ...drills.flatMap((id, index) => {
      if (!production.includes(id)) return [];
      return [
        { path: ['drill', 'apis', index, 'id'], message: `the API ${id} is production's (apiGateway.apis); a drill may not have it` },
      ];
    }),
  ];
}

function linkGroupMistakes({ apiGateway: { securityGroups }, targets }: Estate): readonly Mistake[] {
  return Object.keys(securityGroups).flatMap((target) =>
    unknownName(['apiGateway', 'securityGroups', target], target, Object.keys(targets), 'target'),
  );
}

function distributionMistakes({ cloudfront: { distributions }, drill }: Estate): readonly Mistake[] {
  const production = distributions === 'all' ? [] : distributions;
  return [
    ...repeated(production, (index) => ['cloudfront', 'distributions', index], 'distribution'),
    ...repeated(drill.distributions, (index) => ['drill', 'distributions', index], 'distribution'),
    ...drill.distributions.flatMap((id, index) =>
      production.includes(id)
        ? [
            {
              path: ['drill', 'distributions', index],
              message: `the distribution ${id} is a production one (cloudfront.distributions); a drill may not have it`,
            },
          ]
        : [],
    ),
  ];
}

function archiveMistakes({ inventory: { lastGood = '', lastGoodRegion } }: Estate): readonly Mistake[] {
  if (lastGoodRegion === undefined || s3Location(lastGood) !== null) return [];
  return [{ path: ['inventory', 'lastGoodRegion'], message: 'inventory.lastGood names no bucket (s3://bucket/key), so it has no region' }];
}

// Two recoveries in one state would destroy each other's cluster.
function backendMistakes({ terraform: { backend } }: Estate): readonly Mistake[] {
  if (stateArgument(backend) !== undefined) return [];
  const key = STATE_PLACES.find((name) => name in backend);
  const path = key === undefined ? ['terraform', 'backend'] : ['terraform', 'backend', key];
  return [
    { path, message: 'must hold ${run}, so that each recovery has a state of its own', suggestion: 'for example eks-dr/${run}.tfstate' },
  ];
}

function destinationMistakes({ primary }: Estate): readonly Mistake[] {
  const { name, server } = primary.argocdDestination;
  if (name !== undefined || server !== undefined) return [];
  return [{ path: ['primary', 'argocdDestination'], message: 'must have a name, a server, or both' }];
}

// Vault asks the new cluster whether a token is real, by an account of that cluster.
function reviewerMistakes({ vault, namespaces }: Estate): readonly Mistake[] {
  if (vault === undefined || namespaces.vaultReviewer !== undefined) return [];
  return [{ path: ['vault'], message: 'needs namespaces.vaultReviewer', suggestion: 'vaultReviewer: {} takes its defaults' }];
}

function injectorMistakes({ vault, addons }: Estate): readonly Mistake[] {
  if (vault !== undefined || addons.vaultInjector === undefined) return [];
  return [{ path: ['addons', 'vaultInjector'], message: 'needs the part vault: where Vault is, and by which path its services log in' }];
}
