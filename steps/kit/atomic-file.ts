import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EksDrError } from './errors.ts';

/** Writes a file so that a reader, or a crash, sees the old text or the new one, never a part. Throws `output-unwritable`. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  // Loaded here: it brings worker threads and signal handlers along, which the start of a step does without.
  const { default: writeFileAtomic } = await import('write-file-atomic');
  try {
    await writeFileAtomic(path, text, { encoding: 'utf8', fsync: true });
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
}

/** Throws `output-unwritable` where a file of this path could not be written. Makes none. */
export async function refuseUnwritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() === true) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
}

export function unwritable(path: string, thrown: unknown): EksDrError {
  const reason = reasonOf(thrown);
  return new EksDrError('output-unwritable', { message: `${path} can't be written: ${reason}.`, target: path, cause: thrown });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'there is a file of that name',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

/** Why the file system refused, in words for people. */
export function reasonOf(thrown: unknown): string {
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  return REASONS[code ?? ''] ?? code ?? String(thrown);
}

/** JSON for people and machines: two spaces, a final line end. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Undefined when the file does not exist; anything else that goes wrong is invalid input. */
export async function readJsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return undefined;
    throw new EksDrError('input-unreadable', {
      message: `${path} can't be read: ${reasonOf(thrown)}.`,
      target: path,
      cause: thrown,
    });
  }
  return parseJson(text, path);
}

export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EksDrError('input-not-json', { message: `${name} is not JSON: ${reason}.`, target: name, cause: thrown });
  }
}
