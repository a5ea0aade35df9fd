import type { Mistake, Path } from './mistake.ts';
import { didYouMean } from './suggest.ts';

/** A name that stands for nothing. `noun`: what it should be the name of. */
export function unknownName(path: Path, name: string, known: readonly string[], noun: string): readonly Mistake[] {
  if (known.includes(name)) return [];
  return [{ path, message: `there is no ${noun} "${name}"`, suggestion: didYouMean(name, known) ?? `known: ${known.join(', ')}` }];
}

/** Names that should be of one thing each: every one after its first. */
export function repeated(names: readonly string[], pathOf: (index: number) => Path, noun: string): readonly Mistake[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [{ path: pathOf(index), message: `the ${noun} "${name}" stands here twice` }],
  );
}
