import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepRecord } from '../../steps/kit/record.ts';
import type { Run } from '../../steps/kit/run.ts';
import type { Build } from './jenkins.ts';

/** A document among the artifacts of a build. */
export async function artifact<T>({ archive }: Build, name: string): Promise<T> {
  return JSON.parse(await readFile(join(archive, 'dr-state', name), 'utf8')) as T;
}

export function recordIn(build: Build, step: string): Promise<StepRecord> {
  return artifact<StepRecord>(build, `${step}.record.json`);
}

export function runIn(build: Build): Promise<Run> {
  return artifact<Run>(build, 'run.json');
}

/** The ids of the questions that were asked, without the word before. */
export function askedIn({ inputs }: Build): readonly string[] {
  return inputs.map(({ id }) => id.replace(/^approve-/, '')).toSorted();
}
