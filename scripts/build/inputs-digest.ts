import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDERS = ['steps', 'pipeline', 'sandbox', 'templates', 'scripts/build'];
const FILES = ['package.json', 'package-lock.json'];

/** sha256 over every file that a build reads; the lock file stands for the packages. */
export async function inputsDigest(root: string): Promise<string> {
  const listed = await Promise.all(
    FOLDERS.map(async (folder) => (await readdir(join(root, folder), { recursive: true })).map((name) => `${folder}/${name}`)),
  );
  const paths = [...FILES, ...listed.flat().filter((path) => /\.\w+$/.test(path))].toSorted();
  const texts = await Promise.all(paths.map(async (path) => `${path}\n${await readFile(join(root, path), 'utf8')}`));
  return createHash('sha256').update(texts.join('\0')).digest('hex');
}
