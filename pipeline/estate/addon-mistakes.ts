import { type AddonName, charts } from '../../steps/addons/charts.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import type { Mistake, Path } from './mistake.ts';
import { repeated, unknownName } from './names.ts';

type Others = Estate['addons']['others'];

/** Where the estate speaks of an add-on of ours. */
const sections: Readonly<Record<AddonName, keyof Estate['addons']>> = {
  'aws-load-balancer-controller': 'loadBalancerController',
  'karpenter-crd': 'karpenter',
  karpenter: 'karpenter',
  'istio-base': 'istio',
  istiod: 'istio',
  'istio-ingress': 'istio',
  'vault-agent-injector': 'vaultInjector',
};

/** What is wrong with the names of further add-ons and their order. An add-on's name is that of its application: each has one of its own. */
export function addonMistakes({ addons: { others } }: Pick<Estate, 'addons'>): readonly Mistake[] {
  const names = others.map(({ name }) => name);
  return [
    ...repeated(names, (index) => placeOf(index, 'name'), 'add-on'),
    ...others.flatMap(({ name }, index) => (isOurs(name) ? [takenName(name, placeOf(index, 'name'))] : [])),
    ...others.flatMap(({ after }, index) =>
      after.flatMap((name, at) => unknownName(placeOf(index, 'after', at), name, names, 'add-on here called')),
    ),
    ...circlesOf(others).map((circle) => circleMistake(circle, names)),
  ];
}

function placeOf(index: number, ...path: Path): Path {
  return ['addons', 'others', index, ...path];
}

function isOurs(name: string): name is AddonName {
  return Object.hasOwn(charts, name);
}

function takenName(name: AddonName, path: Path): Mistake {
  const suggestion = `describe it as addons.${sections[name]}, or give this one another name`;
  return { path, message: `"${name}" is the name of an add-on that EKS-DR brings itself`, suggestion };
}

/** Told of where the first of the circle stands in the list, and begun with that one. */
function circleMistake(circle: readonly string[], names: readonly string[]): Mistake {
  const index = Math.min(...circle.map((name) => names.indexOf(name)));
  const first = names[index] ?? '';
  const start = circle.indexOf(first);
  const round = [...circle.slice(start), ...circle.slice(0, start), first];
  return {
    path: placeOf(index, 'after'),
    message: circle.length === 1 ? `"${first}" comes after itself` : `these come after each other: ${round.join(' -> ')}`,
  };
}

/** Add-ons that come after each other in a circle, in the order of their `after`; what hangs on a circle without being in it is none. */
function circlesOf(others: Others): string[][] {
  const afters = new Map(others.toReversed().map(({ name, after }) => [name, after]));
  const circles: string[][] = [];
  const finished = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) circles.push(path.slice(path.indexOf(name)));
    if (path.includes(name) || finished.has(name)) return;
    for (const before of afters.get(name) ?? []) visit(before, [...path, name]);
    finished.add(name);
  };
  for (const { name } of others) visit(name, []);
  return circles;
}
