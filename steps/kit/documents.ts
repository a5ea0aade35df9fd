import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type Approval, approval } from './approval.ts';
import { readJsonFile, reasonOf } from './atomic-file.ts';
import { EksDrError } from './errors.ts';
import { parseAs } from './parse.ts';
import { type Plan, plan } from './plan.ts';
import { record, type StepRecord } from './record.ts';
import { type Run, run } from './run.ts';

/** Everything a step is given, parsed: the same whether it came as a folder or as one JSON document. */
export interface Documents {
  readonly run: Run;
  /** Still to be parsed by whoever knows the estate's schema. */
  readonly estate: unknown;
  readonly records: Readonly<Record<string, StepRecord>>;
  readonly plans: readonly Plan[];
  readonly approvals: Readonly<Record<string, Approval>>;
}

const oneDocument = z.strictObject({
  run: z.unknown(),
  estate: z.unknown(),
  records: z.record(z.string(), z.unknown()).default({}),
  plans: z.array(z.unknown()).default([]),
  approval: z.unknown().optional(),
});

/** Parses the one-document form `{ run, estate, records, plans, approval? }`. `name` is where it came from. */
export function parseDocuments(value: unknown, name: string): Documents {
  const outer = parseAs(oneDocument, value, name);
  const given = outer.approval === undefined ? undefined : parseAs(approval, outer.approval, `${name}: approval`);
  return {
    run: parseAs(run, outer.run, `${name}: run`),
    estate: outer.estate,
    records: mapValues(outer.records, (entry, step) => parseAs(record, entry, `${name}: records.${step}`)),
    plans: outer.plans.map((entry, index) => parseAs(plan, entry, `${name}: plans.${index}`)),
    approvals: given === undefined ? {} : { [given.step]: given },
  };
}

export const planFile = (step: string, attempt: number): string => `${step}.${attempt}.plan.json`;
export const recordFile = (step: string): string => `${step}.record.json`;
export const approvalFile = (step: string): string => `${step}.approval.json`;

/** Reads a run folder; files of other names are none of ours. */
export async function readDocuments(folder: string): Promise<Documents> {
  const names = await listFolder(folder);
  const read = async <T>(schema: z.ZodType<T>, name: string): Promise<T> =>
    parseAs(schema, await readJsonFile(join(folder, name)), join(folder, name));
  const required = async (name: string): Promise<unknown> => {
    const value = await readJsonFile(join(folder, name));
    if (value === undefined) {
      throw new EksDrError('input-unreadable', {
        message: `${join(folder, name)} does not exist.`,
        target: join(folder, name),
        remedy: 'Name the folder of a run; `eks-dr run` makes one.',
      });
    }
    return value;
  };
  const byStep = async <T>(suffix: string, schema: z.ZodType<T>): Promise<Record<string, T>> => {
    const matching = names.filter((name) => name.endsWith(suffix));
    const entries = await Promise.all(matching.map(async (name) => [name.slice(0, -suffix.length), await read(schema, name)] as const));
    return Object.fromEntries(entries);
  };
  return {
    run: parseAs(run, await required('run.json'), join(folder, 'run.json')),
    estate: await required('estate.json'),
    records: await byStep('.record.json', record),
    plans: Object.values(await byStep('.plan.json', plan)).toSorted((a, b) => a.attempt - b.attempt),
    approvals: await byStep('.approval.json', approval),
  };
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (thrown) {
    throw new EksDrError('input-unreadable', {
      message: `The folder ${folder} can't be read: ${reasonOf(thrown)}.`,
      target: folder,
      cause: thrown,
    });
  }
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, map: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}
