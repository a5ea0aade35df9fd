import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What it took to render so many applications, in a process of its own. */
export interface RenderTime {
  readonly applications: number;
  /** Of the rendering alone, without the start of the process. */
  readonly ms: number;
  /** The most memory that the process had, all of it counted. */
  readonly bytes: number;
}

/** Renders a hundredth, a tenth and all of these applications, one after another. */
export async function measureRendering(applications: number): Promise<readonly RenderTime[]> {
  const times: RenderTime[] = [];
  for (const share of [0.01, 0.1, 1]) times.push(await renderMany(Math.max(1, Math.round(applications * share))));
  return times;
}

async function renderMany(count: number): Promise<RenderTime> {
  const script = join(import.meta.dirname, 'render-many.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, String(count)]);
  return JSON.parse(stdout) as RenderTime;
}
