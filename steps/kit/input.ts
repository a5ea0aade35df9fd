import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { formatJson, parseJson, readJsonFile, reasonOf, refuseUnwritable, writeAtomically } from './atomic-file.ts';
import type { StepCommand } from './command.ts';
import { type Documents, parseDocuments, planFile, readDocuments, recordFile } from './documents.ts';
import { EksDrError } from './errors.ts';
import type { Sink } from './phase.ts';

/** The documents that `--in` names. */
export async function readInput(command: StepCommand): Promise<Documents> {
  if (command.in === '-') return parseDocuments(parseJson(await text(process.stdin), 'standard input'), 'standard input');
  if (await isFolder(command.in)) return readDocuments(command.in);
  return parseDocuments(await readJsonFile(command.in), command.in);
}

/**
 * Writes where `--out` says: the record to a file or to standard output, or into the run folder.
 * A folder also gets each plan and the further files; a single document carries the plan inside the record.
 */
export async function createSink(command: StepCommand, step: string): Promise<Sink> {
  const folder = command.in !== '-' && (await isFolder(command.in)) ? command.in : null;
  const out = command.out ?? (folder === null ? '-' : join(folder, recordFile(step)));
  // Found out now, not when the work is done and its record has nowhere to go.
  if (out !== '-') await refuseUnwritable(out);
  if (folder !== null) await refuseUnwritable(join(folder, recordFile(step)));
  return {
    async plan(plan) {
      if (folder !== null) await writeAtomically(join(folder, planFile(step, plan.attempt)), formatJson(plan));
    },
    async record(record) {
      if (out !== '-') await writeAtomically(out, formatJson(record));
      else if (record.timing.finishedAt !== null) process.stdout.write(formatJson(record));
    },
    async files(files) {
      if (folder === null) return;
      await Promise.all(Object.entries(files).map(([name, content]) => writeAtomically(join(folder, name), content)));
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'there is no such file or folder' : reasonOf(thrown);
    throw new EksDrError('input-unreadable', { message: `${path} can't be read: ${reason}.`, target: path, cause: thrown });
  }
}
