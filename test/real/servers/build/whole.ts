import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exclusively } from '../lock.ts';

/**
 * Makes a folder wholly or not at all: it is filled under another name and renamed. What a killed build left is removed by the next one,
 * and a second build at the same time waits for the first and takes what that made.
 */
export async function makeWhole(
  folder: string,
  fill: (partial: string) => Promise<void>,
  say: (line: string) => void,
): Promise<'was there' | 'made'> {
  if (await exists(folder)) return 'was there';
  return exclusively(folder, () => make(folder, fill), say);
}

async function make(folder: string, fill: (partial: string) => Promise<void>): Promise<'was there' | 'made'> {
  if (await exists(folder)) return 'was there';
  const partial = `${folder}.partial-${process.pid}`;
  await removePartials(folder);
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    await rename(partial, folder);
  } catch (thrown) {
    await rm(partial, { recursive: true, force: true });
    throw thrown;
  }
  return 'made';
}

async function removePartials(folder: string): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const left = (await readdir(parent)).filter((name) => name.startsWith(`${basename(folder)}.partial-`));
  await Promise.all(left.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

export async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
