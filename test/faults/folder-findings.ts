import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecord } from '../../pipeline/runner/folder.ts';
import type { Context } from './said-findings.ts';
import { secretsIn } from './secrets-in.ts';

const KNOWN = /\.(json|log|txt|yaml)$/;

/** What is wrong with the run folder after a phase: half-written files, secrets, a record that tells something else than the exit status. */
export async function folderFindings(run: string, { each, ending, environment }: Context): Promise<string[]> {
  const files = await Promise.all((await readdir(run)).map(async (name) => ({ name, text: await readFile(join(run, name), 'utf8') })));
  const broken = files.flatMap(({ name, text }) => {
    if (!KNOWN.test(name)) return [`${name} was left behind`];
    return name.endsWith('.json') && !isJson(text) ? [`${name} is no whole JSON`] : [];
  });
  const leaks = files.flatMap(({ name, text }) => secretsIn(text, environment).map((secret) => `${secret} stands in ${name}`));
  if (broken.length > 0) return [...broken, ...leaks];
  const record = await readRecord(run, each.step);
  const told = record?.status === 'failed' ? (record.error?.category ?? 'failed') : 'ok';
  const isTrue = ending === 'hang' || told === ending;
  return [
    ...leaks,
    ...(isTrue ? [] : [`it ended ${ending}, but its record tells ${record?.status} (${record?.error?.category ?? 'no error'})`]),
  ];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
