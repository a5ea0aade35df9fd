import type { Mistake, Path } from './mistake.ts';
import { didYouMean } from './suggest.ts';

/** Where `${...}` is replaced, and by which names. `*` stands for any one key. */
const places: readonly { readonly path: readonly string[]; readonly names: readonly string[] }[] = [
  { path: ['terraform', 'backend', '*'], names: ['run', 'target'] },
  { path: ['gitlab', 'folder'], names: ['cluster'] },
  { path: ['vault', 'mount'], names: ['cluster'] },
];

/** Values that go on to another program as they stand, with whatever it makes of `${...}`. */
const untouched: readonly (readonly string[])[] = [
  ['terraform', 'variables'],
  ['targets', '*', 'variables'],
  ['drill', 'helmParameters'],
  ['namespaces', 'labels'],
  ['namespaces', 'annotations'],
  ['addons', 'loadBalancerController', 'values'],
  ['addons', 'karpenter', 'values'],
  ['addons', 'istio', 'values'],
  ['addons', 'vaultInjector', 'values'],
  ['addons', 'others', '*', 'values'],
];

/** Placeholders that nothing will replace: misspelt, or in a place where none is replaced. */
export function placeholderMistakes(value: unknown, path: Path = []): readonly Mistake[] {
  if (untouched.some((prefix) => startsWith(path, prefix))) return [];
  if (typeof value === 'string') return mistakesIn(value, path);
  if (typeof value !== 'object' || value === null) return [];
  const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return children.flatMap(([key, child]) => placeholderMistakes(child, [...path, key]));
}

function mistakesIn(text: string, path: Path): readonly Mistake[] {
  const names = places.find((place) => place.path.length === path.length && startsWith(path, place.path))?.names ?? [];
  return [...text.matchAll(/\$\{([^}]*)\}?/g)].flatMap(([whole, name = '']): Mistake[] => {
    if (!whole.endsWith('}')) return [{ path, message: `the placeholder ${whole} is not closed` }];
    if (names.includes(name)) return [];
    const allowed =
      names.length === 0 ? 'no placeholder is replaced here' : `allowed here: ${names.map((each) => `\${${each}}`).join(', ')}`;
    return [{ path, message: `unknown placeholder ${whole}`, suggestion: didYouMean(name, names) ?? allowed }];
  });
}

function startsWith(path: Path, prefix: readonly string[]): boolean {
  return path.length >= prefix.length && prefix.every((segment, index) => segment === '*' || segment === path[index]);
}
