import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../steps/kit/errors.ts';

/** Writes what a person asked for with --out; folders that are not there are made. Throws `bad-usage` for a place that can't be written. */
export async function writeOut(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomically(path, text);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === undefined) throw thrown;
    throw new EksDrError('bad-usage', {
      message: `${path} can't be written (${code}).`,
      target: '--out',
      remedy: 'Name a file in a folder that you may write to.',
      cause: thrown,
    });
  }
}
