import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { Estate } from '../../steps/estate/estate.ts';
import { estate as estateSchema } from '../../steps/estate/estate.ts';
import type { Approval } from '../../steps/kit/approval.ts';
import { formatJson, readJsonFile, unwritable, writeAtomically } from '../../steps/kit/atomic-file.ts';
import { approvalFile, recordFile } from '../../steps/kit/documents.ts';
import { parseAs } from '../../steps/kit/parse.ts';
import { record, type StepRecord } from '../../steps/kit/record.ts';
import { type Run, run as runSchema } from '../../steps/kit/run.ts';
import { REPORT_FILES } from '../../steps/report/document.ts';

/** What the local runner itself remembers of a run; the steps do not read it. */
const runnerNotes = z.object({
  /** The folder of the estate file, absolute: what the estate names by path lies there. */
  estateFolder: z.string(),
});

/** Makes the folder where it is missing. Only its owner may look in: logs and plans tell much about a platform. */
export async function makeFolder(folder: string): Promise<void> {
  await makeParents(folder).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
}

async function makeParents(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  // Not recursive: that way a file system that makes no folders is asked for ever.
  await mkdir(folder, { mode: 0o700 }).catch(async (thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw thrown;
  });
}

export async function readRun(folder: string): Promise<Run | undefined> {
  return readAs(runSchema, join(folder, 'run.json'));
}

export async function writeRun(folder: string, run: Run): Promise<void> {
  await writeAtomically(join(folder, 'run.json'), formatJson(run));
}

export async function readEstate(folder: string): Promise<Estate | undefined> {
  return readAs(estateSchema, join(folder, 'estate.json'));
}

/** The estate as the steps read it: valid, defaults filled in, as JSON. */
export async function writeEstate(folder: string, estate: Estate, estateFolder: string): Promise<void> {
  await writeAtomically(join(folder, 'estate.json'), formatJson(estate));
  await writeAtomically(join(folder, 'runner.json'), formatJson({ estateFolder }));
}

export async function readEstateFolder(folder: string): Promise<string | undefined> {
  return (await readAs(runnerNotes, join(folder, 'runner.json')))?.estateFolder;
}

export async function readRecord(folder: string, step: string): Promise<StepRecord | undefined> {
  return readAs(record, join(folder, recordFile(step)));
}

export async function writeApproval(folder: string, approval: Approval): Promise<void> {
  await writeAtomically(join(folder, approvalFile(approval.step)), formatJson(approval));
}

/** A walk that ends early must not leave the report of an earlier one behind as its own. */
export async function removeReport(folder: string): Promise<void> {
  await Promise.all(Object.values(REPORT_FILES).map((name) => rm(join(folder, name), { force: true })));
}

async function readAs<T>(schema: z.ZodType<T>, path: string): Promise<T | undefined> {
  const value = await readJsonFile(path);
  return value === undefined ? undefined : parseAs(schema, value, path);
}
