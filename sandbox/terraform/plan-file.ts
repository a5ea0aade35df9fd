import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Backend } from './backend.ts';
import { failure } from './failure.ts';
import type { Plan } from './plan.ts';

const format = 'sandbox-terraform-plan/1';

export interface SavedPlan {
  readonly plan: Plan;
  readonly backend: Backend;
  readonly outputs: readonly string[];
}

/** Writes a plan file; like Terraform's own, it is opaque to everybody else and may hold values. */
export async function writePlan(file: string, saved: SavedPlan): Promise<void> {
  await writeFile(file, JSON.stringify({ format, ...saved }), { mode: 0o600 });
}

/** Reads a plan file, named as the caller named it: from the module's folder. */
export async function readPlan(folder: string, file: string): Promise<SavedPlan> {
  const source = await readFile(resolve(folder, file), 'utf8').catch(() => {
    throw failure(`Failed to load "${file}" as a plan file`, `Error: stat ${file}: no such file or directory`);
  });
  const value = parse(source);
  if (value?.format !== format) {
    throw failure(`Failed to load "${file}" as a plan file`, 'Error: zip: not a valid zip file');
  }
  return value as unknown as SavedPlan;
}

function parse(source: string): Record<string, unknown> | null {
  try {
    return JSON.parse(source) as Record<string, unknown>;
  } catch {
    return null;
  }
}
