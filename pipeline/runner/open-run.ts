import { dirname, join, resolve } from 'node:path';
import type { Estate } from '../../steps/estate/estate.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { sameJson } from '../../steps/kit/json.ts';
import type { Run, Waiver } from '../../steps/kit/run.ts';
import { loadEstate } from '../estate/load.ts';
import { didYouMean } from '../estate/suggest.ts';
import { makeFolder, readEstate, readEstateFolder, readRun, writeEstate, writeRun } from './folder.ts';
import { lockRun, type RunLock } from './lock.ts';

/** What a person said about the run on the command line; undefined: nothing. */
export interface RunArguments {
  readonly mode: Run['mode'] | undefined;
  readonly target: string | undefined;
  readonly reason: string | undefined;
  readonly incidentAt: string | undefined;
  readonly services: Run['services'] | undefined;
  readonly waivers: readonly Waiver[];
}

export interface OpenRunOptions {
  /** The run folder; undefined: `.eks-dr/<run id>`. */
  readonly folder: string | undefined;
  /** The estate file; undefined: the estate in the folder when there is a run, else `eks-dr.yaml`. */
  readonly estateFile: string | undefined;
  readonly arguments: RunArguments;
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly stepIds: readonly string[];
}

/** A run that this process alone may work on, until it releases the lock. */
export interface OpenRun {
  readonly folder: string;
  readonly run: Run;
  readonly estate: Estate;
  readonly estateFolder: string;
  readonly resumed: boolean;
  readonly lock: RunLock;
}

/** Starts a run, or goes on with the one in the folder. Throws `bad-usage` when the arguments contradict that one, `run-busy` when another runner has it. */
export async function openRun(options: OpenRunOptions): Promise<OpenRun> {
  const existing = options.folder === undefined ? undefined : await readRun(options.folder);
  return existing === undefined || options.folder === undefined ? startRun(options) : resumeRun(options, options.folder, existing);
}

/** Locks the folder for `work`; the lock stays when it ends well, and goes when it fails. */
async function locked<T>(folder: string, work: () => Promise<T>): Promise<T & { readonly lock: RunLock }> {
  const lock = await lockRun(folder);
  try {
    return { ...(await work()), lock };
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

async function startRun(options: OpenRunOptions): Promise<OpenRun> {
  const { estateFile = 'eks-dr.yaml', arguments: given, stepIds } = options;
  const { estate } = await loadEstate(estateFile, stepIds);
  const run = newRun(options, estate, given);
  const folder = options.folder ?? join('.eks-dr', run.id);
  const estateFolder = dirname(resolve(estateFile));
  await makeFolder(folder);
  return locked(folder, async () => {
    if ((await readRun(folder)) !== undefined) throw usage(`Another run has just begun in ${folder}.`, '--run');
    await writeEstate(folder, estate, estateFolder);
    // Last: a folder with run.json is a run that can be continued.
    await writeRun(folder, run);
    return { folder, run, estate, estateFolder, resumed: false };
  });
}

function newRun({ user, now }: OpenRunOptions, estate: Estate, given: RunArguments): Run {
  const { mode, target = estate.defaultTarget, reason, services = 'all', waivers } = given;
  if (mode === undefined) throw usage('Say --mode drill or --mode recover.', '--mode');
  if (mode === 'recover' && (reason ?? '').trim() === '')
    throw usage('A recovery wants --reason: it stands in the report and in the merge request.', '--reason');
  const targets = Object.keys(estate.targets);
  if (!targets.includes(target)) {
    throw usage(`The estate has no target "${target}" (${didYouMean(target, targets) ?? `targets: ${targets.join(', ')}`}).`, '--target');
  }
  const startedAt = new Date(now).toISOString();
  const incidentAt = given.incidentAt === undefined ? startedAt : asTime(given.incidentAt);
  if (Date.parse(incidentAt) > now) throw usage(`--incident-at ${incidentAt} lies in the future.`, '--incident-at');
  return {
    id: `${mode}-${startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`,
    mode,
    target,
    reason: reason ?? 'drill',
    incidentAt,
    startedAt,
    startedBy: user,
    services,
    waivers: [...waivers],
  };
}

async function resumeRun(options: OpenRunOptions, folder: string, existing: Run): Promise<OpenRun> {
  refuseContradictions(existing, options.arguments, folder);
  const waivers = [
    ...existing.waivers,
    ...options.arguments.waivers.filter((waiver) => !existing.waivers.some((old) => old.service === waiver.service)),
  ];
  const run = { ...existing, waivers };
  const { estate, estateFolder } = await resumedEstate(options, folder);
  if (estate.targets[run.target] === undefined)
    throw usage(`The estate has no target "${run.target}" any more, to which this run goes.`, '--estate');
  return locked(folder, async () => {
    if (options.estateFile !== undefined) await writeEstate(folder, estate, estateFolder);
    if (waivers.length > existing.waivers.length) await writeRun(folder, run);
    return { folder, run, estate, estateFolder, resumed: true };
  });
}

async function resumedEstate(options: OpenRunOptions, folder: string): Promise<Pick<OpenRun, 'estate' | 'estateFolder'>> {
  const { estateFile, stepIds } = options;
  if (estateFile !== undefined) {
    const { estate } = await loadEstate(estateFile, stepIds);
    return { estate, estateFolder: dirname(resolve(estateFile)) };
  }
  const [estate, estateFolder] = await Promise.all([readEstate(folder), readEstateFolder(folder)]);
  if (estate !== undefined && estateFolder !== undefined) return { estate, estateFolder };
  throw usage(`The folder ${folder} lacks its estate; name it with --estate FILE.`, '--estate');
}

function refuseContradictions(run: Run, given: RunArguments, folder: string): void {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['--mode', given.mode, run.mode],
    ['--target', given.target, run.target],
    ['--reason', given.reason, run.reason],
    ['--incident-at', given.incidentAt === undefined ? undefined : asTime(given.incidentAt), run.incidentAt],
    ['--services', given.services, run.services],
  ];
  const wrong = pairs.filter(([, said, is]) => said !== undefined && !sameJson(said, is));
  if (wrong.length === 0) return;
  const list = wrong.map(([flag, said, is]) => `${flag} says ${textOf(said)}, the run has ${textOf(is)}`).join('; ');
  throw usage(
    `${folder} holds the run ${run.id}, which this contradicts: ${list}. Leave these out to continue it, or take another folder.`,
    '--run',
  );
}

/** An ISO 8601 time in UTC, to the millisecond. */
function asTime(text: string): string {
  const time = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(time)) {
    throw usage(`--incident-at takes a time such as 2027-01-12T09:30:00Z, not "${text}".`, '--incident-at');
  }
  return new Date(time).toISOString();
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

function usage(message: string, target: string): EksDrError {
  return new EksDrError('bad-usage', { message, target });
}
