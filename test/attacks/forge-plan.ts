import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeApproval } from '../../pipeline/runner/folder.ts';
import { planFile, readDocuments } from '../../steps/kit/documents.ts';
import { countVerbs, planDigest } from '../../steps/kit/plan.ts';
import type { Change } from '../../steps/kit/resource.ts';

/** Puts a further plan of a step into a run folder, tied to what the newest one is tied to, with this one change in it, and approves it. */
export async function forgePlan(folder: string, step: string, change: Change): Promise<void> {
  const { run, plans } = await readDocuments(folder);
  const newest = plans.filter((plan) => plan.step === step).at(-1);
  if (newest === undefined) throw new Error(`there is no plan of ${step} to start from`);
  const items = [change];
  const [attempt, digest] = [newest.attempt + 1, planDigest(items)];
  const plan = { ...newest, attempt, items, digest, changes: countVerbs(items), digestKey: null };
  await writeFile(join(folder, planFile(step, attempt)), JSON.stringify(plan));
  const approval = { schema: 1, decision: 'approved', by: 'mallory', at: new Date().toISOString(), via: 'test' } as const;
  await writeApproval(folder, { ...approval, run: run.id, step, attempt, digest });
}
