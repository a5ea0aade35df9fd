import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { EksDrError } from './errors.ts';

/**
 * Writes a file so that a reader, or a crash, sees the old text or the new one, never a part. Throws `output-unwritable` when the disk
 * won't have it.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path, text, { encoding: 'utf8', fsync: true });
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    throw new EksDrError('output-unwritable', {
      message: `${path} can't be written (${code ?? String(thrown)}).`,
      target: path,
      cause: thrown,
    });
  }
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
      message: `${path} can't be read (${code ?? String(thrown)}).`,
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
