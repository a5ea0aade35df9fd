import { EksDrError } from '../../steps/kit/errors.ts';
import { readRun } from '../runner/folder.ts';

/** Throws `bad-usage` for a folder without a run. */
export async function refuseNoRun(folder: string): Promise<void> {
  if ((await readRun(folder)) !== undefined) return;
  throw new EksDrError('bad-usage', {
    message: `${folder} holds no run (no run.json).`,
    target: '--run',
    remedy: 'Name the folder of a run, such as .eks-dr/<run id>.',
  });
}
