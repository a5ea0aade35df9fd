import { join } from 'node:path';
import * as z from 'zod';
import { formatJson, readJsonFile, writeAtomically } from '../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { parseAs } from '../../steps/kit/parse.ts';

/** `closed.json`: nobody goes on with this run, nor takes it back. */
const closed = z.strictObject({
  schema: z.literal(1),
  run: z.string().min(1),
  reason: z.literal('promoted'),
  at: z.iso.datetime(),
  by: z.string().min(1),
  /** What an undo would have removed or changed back, and what is now of the platform for good. */
  stays: z.array(
    z.strictObject({ step: z.string(), kind: z.string(), id: z.record(z.string(), z.string()), change: z.enum(['created', 'changed']) }),
  ),
});

export type Closed = z.infer<typeof closed>;

const fileIn = (folder: string): string => join(folder, 'closed.json');

export async function readClosed(folder: string): Promise<Closed | undefined> {
  const value = await readJsonFile(fileIn(folder));
  return value === undefined ? undefined : parseAs(closed, value, fileIn(folder));
}

export async function writeClosed(folder: string, document: Closed): Promise<void> {
  await writeAtomically(fileIn(folder), formatJson(document));
}

/** Throws `run-closed` where the run in the folder is over for good. */
export async function refuseClosed(folder: string): Promise<void> {
  const found = await readClosed(folder);
  if (found === undefined) return;
  throw new EksDrError('run-closed', {
    message: `${found.run} is closed: ${found.by} made its cluster the primary (${found.at}). Going on with it, or undoing it, would harm production.`,
    target: folder,
  });
}
