import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Estate, estate as estateSchema } from '../../../steps/estate/estate.ts';
import { formatJson, readJsonFile, writeAtomically } from '../../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { parseAs } from '../../../steps/kit/parse.ts';
import type { Direction } from '../../../steps/kit/plan.ts';
import type { Run } from '../../../steps/kit/run.ts';
import { refuseClosed } from '../../runner/closed.ts';
import { readRun, writeRun } from '../../runner/folder.ts';
import { type Environment, isAutoApprove, refuseContradictions, runFromParameters, startersOf } from './parameters.ts';

export interface InitOptions {
  readonly folder: string;
  readonly environment: Environment;
  readonly direction: Direction;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What the Start stage shows. */
export interface InitAnswer {
  readonly run: string;
  readonly title: string;
  readonly continued: boolean;
}

/** Begins a run from the parameters of the build, or goes on with the one whose records are at hand. Writes run.json and estate.json. */
export async function init({ folder, environment, direction, now }: InitOptions): Promise<InitAnswer> {
  const estate = await bundledEstate(environment);
  await mkdir(folder, { recursive: true });
  const existing = await readRun(folder);
  await refuseClosed(folder);
  if (existing === undefined) refuseMissingRun(environment, direction);
  else if (direction === 'undo') refuseAutoApprove(environment, existing);
  else refuseContradictions(environment, existing, now);
  const run = existing === undefined ? runFromParameters(environment, estate, now) : ofUndo(existing, environment, direction, now);
  if (estate.targets[run.target] === undefined) {
    throw new EksDrError('input-invalid', {
      message: `The run ${run.id} goes to the target "${run.target}", which the estate no longer has.`,
      target: 'targets',
      remedy: 'Put the target back into the estate, generate, and start a new build with the same SOURCE_BUILD.',
    });
  }
  await writeAtomically(join(folder, 'estate.json'), formatJson(estate));
  // Last: a folder with run.json is a run that can be continued.
  if (run !== existing) await writeRun(folder, run);
  const verb = direction === 'undo' ? 'undo of ' : existing === undefined ? '' : 'continued: ';
  return { run: run.id, title: `${verb}${run.id} to ${run.target}`, continued: existing !== undefined };
}

/** The run with what the form of an undo says of it: what is accepted of the primary's health, and whether the new cluster is gone. */
function ofUndo(run: Run, environment: Environment, direction: Direction, now: number): Run {
  if (direction !== 'undo') return run;
  const by = startersOf(environment)[0] ?? 'jenkins';
  const reason = environment.ACCEPT_UNHEALTHY_PRIMARY?.trim() ?? '';
  const { clusterGone: wasGone, ...known } = run;
  const isGone = environment.CLUSTER_GONE === 'true';
  return {
    ...known,
    ...(reason === '' ? {} : { unhealthyPrimary: { reason, by } }),
    ...(isGone ? { clusterGone: wasGone ?? { by, at: new Date(now).toISOString() } } : {}),
  };
}

function refuseMissingRun(environment: Environment, direction: Direction): void {
  const source = environment.SOURCE_BUILD?.trim() ?? '';
  if (direction === 'forward' && source === '') return;
  throw new EksDrError('input-invalid', {
    message: source === '' ? 'SOURCE_BUILD is empty: there is no run to undo.' : `Build ${source} has no run.json among its artifacts.`,
    target: 'SOURCE_BUILD',
    remedy: 'Start a new build with the number of the EKS-DR build that began the run, or that went on with it last.',
  });
}

function refuseAutoApprove(environment: Environment, run: Run): void {
  if (!isAutoApprove(environment) || run.mode === 'drill') return;
  throw new EksDrError('input-invalid', {
    message: `AUTO_APPROVE is for drills, but ${run.id} is a recovery.`,
    target: 'AUTO_APPROVE',
    remedy: 'Start a new build without it.',
  });
}

async function bundledEstate(environment: Environment): Promise<Estate> {
  const path = join(environment.EKS_DR_ESTATE_FOLDER ?? '.', 'estate.json');
  const value = await readJsonFile(path);
  if (value === undefined)
    throw new EksDrError('input-unreadable', { message: `${path} does not exist: the step bundle is incomplete.`, target: path });
  return parseAs(estateSchema, value, path, 'estate-invalid');
}
