import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inputsDigest } from '../scripts/build/inputs-digest.ts';

const root = join(import.meta.dirname, '..');

/**
 * The path of a file in dist/, which `npm test` builds first. Throws when dist/ is not there or older than the sources: a test
 * that ran on would judge other code than what is read beside it.
 */
export async function built(path: string): Promise<string> {
  const dist = join(root, 'dist');
  const digest = await readFile(join(dist, 'inputs.sha256'), 'utf8').catch(() => null);
  if (digest !== (await inputsDigest(root))) {
    throw new Error(`dist/ is ${digest === null ? 'not built' : 'older than the sources'}: run \`npm run build\`, then the test again.`);
  }
  return join(dist, path);
}
