import { withoutWave } from '../deploy/waves.ts';
import { EksDrError } from '../kit/errors.ts';
import type { KeptFile } from './kept-files.ts';

/**
 * Refuses to write a file to the folder of another wave than where people have changed it: it would stand in both, and two root applications
 * would fight over its services.
 */
export function refuseKeptElsewhere(kept: readonly KeptFile[], files: ReadonlyMap<string, string>, folder: string): void {
  const within = (path: string): string => withoutWave(path.slice(folder.length + 1));
  const places = new Map([...files.keys()].map((path) => [within(path), path]));
  const twice = kept.flatMap(({ path, how }) => {
    const other = how === 'added' && /\.(ya?ml|json)$/i.test(path) ? places.get(within(path)) : undefined;
    return other === undefined ? [] : [`${path} (now ${other})`];
  });
  if (twice.length === 0) return;
  throw new EksDrError('conflict', {
    message: `People have changed files that the estate has in another wave by now: ${twice.join(', ')}.`,
    target: twice.join(', '),
    remedy:
      'Move their changes to the new place on the branch, or put services.waves or services.after back as they were; then plan again.',
  });
}
