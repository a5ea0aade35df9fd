import { closest, distance } from 'fastest-levenshtein';

/** `did you mean "primary"?`, when one of the known words is near enough to be a slip of the fingers. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = word.toLowerCase();
  const best =
    known.find((name) => squeezed(name) === squeezed(word)) ??
    closest(
      lower,
      known.map((name) => name.toLowerCase()),
    );
  const match = known.find((name) => name === best || name.toLowerCase() === best);
  if (match === undefined) return undefined;
  const slips = distance(lower, match.toLowerCase());
  const near = squeezed(match) === squeezed(word) || slips <= Math.max(1, Math.floor(match.length / 3)) || sameLetters(match, word);
  return near ? `did you mean "${match}"?` : undefined;
}

// cluster_name, cluster-name and clusterName are the same slip.
function squeezed(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function sameLetters(a: string, b: string): boolean {
  return [...a.toLowerCase()].toSorted().join('') === [...b.toLowerCase()].toSorted().join('');
}
