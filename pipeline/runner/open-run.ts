import { dirname, join, resolve } from 'node:path';
import type { Estate } from '../../steps/estate/estate.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { sameJson } from '../../steps/kit/json.ts';
import type { Run, Waiver } from '../../steps/kit/run.ts';
import { loadEstate } from '../estate/load.ts';
import { incidentTime, newRun } from '../new-run.ts';
import { refuseClosed } from './closed.ts';
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
  /** On the way back: why users may go to load balancers of the primary that do not look healthy. */
  readonly unhealthyPrimary?: string | undefined;
}

export interface OpenRunOptions {
  /** The run folder; undefined: `.eks-dr/<run id>`. */
  readonly folder: string | undefined;
  /** The estate file; undefined: the estate in the folder when there is a run, else `eks-dr.yaml`. */
  readonly estateFile: string | undefined;
  readonly arguments: RunArguments;
  /** Which inventory this run goes by from now on; undefined: as the estate says. It stands in the run's copy of the estate alone. */
  readonly inventory?: Estate['inventory']['prefer'] | undefined;
  /** Whether, from now on, the new cluster counts as gone; undefined: as it stands in the run. */
  readonly clusterGone?: boolean | undefined;
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly stepIds: readonly string[];
  /** Throws what speaks against walking this run. It is asked before anything is written. */
  readonly verify?: (run: Run, estate: Estate) => void;
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
  const estate = preferring((await loadEstate(estateFile, stepIds)).estate, options.inventory);
  const run = wishedRun(options, estate, given);
  options.verify?.(run, estate);
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

function preferring(estate: Estate, prefer: OpenRunOptions['inventory']): Estate {
  return prefer === undefined ? estate : { ...estate, inventory: { ...estate.inventory, prefer } };
}

const names = { target: '--target', reason: '--reason', incidentAt: '--incident-at' } as const;

function wishedRun({ user, now }: OpenRunOptions, estate: Estate, given: RunArguments): Run {
  const { mode, services = 'all', waivers } = given;
  if (mode === undefined) throw usage('Say --mode drill or --mode recover.', '--mode');
  const made = newRun({ ...given, mode, services, waivers: [...waivers] }, names, { estate, now, startedBy: user });
  if ('run' in made) return made.run;
  throw usage(`${made.mistakes.map(({ text }) => text).join('; ')}.`, made.mistakes[0]?.name ?? '--mode');
}

async function resumeRun(options: OpenRunOptions, folder: string, existing: Run): Promise<OpenRun> {
  await refuseClosed(folder);
  refuseContradictions(existing, options, folder);
  const waivers = [
    ...existing.waivers,
    ...options.arguments.waivers.filter((waiver) => !existing.waivers.some((old) => old.service === waiver.service)),
  ];
  const { unhealthyPrimary: reason } = options.arguments;
  const { clusterGone: wasGone, ...known } = { ...existing, waivers };
  const gone = { by: options.user, at: new Date(options.now).toISOString() };
  const clusterGone = options.clusterGone === undefined ? wasGone : options.clusterGone ? (wasGone ?? gone) : undefined;
  const run: Run = {
    ...known,
    ...(reason === undefined ? {} : { unhealthyPrimary: { reason, by: options.user } }),
    ...(clusterGone === undefined ? {} : { clusterGone }),
  };
  const { estate: found, estateFolder } = await resumedEstate(options, folder);
  const estate = preferring(found, options.inventory);
  if (estate.targets[run.target] === undefined)
    throw usage(`The estate has no target "${run.target}" any more, to which this run goes.`, '--estate');
  options.verify?.(run, estate);
  return locked(folder, async () => {
    if (options.estateFile !== undefined || options.inventory !== undefined) await writeEstate(folder, estate, estateFolder);
    if (!sameJson(run, existing)) await writeRun(folder, run);
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

function refuseContradictions(run: Run, { arguments: given, now }: OpenRunOptions, folder: string): void {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['--mode', given.mode, run.mode],
    ['--target', given.target, run.target],
    ['--reason', given.reason, run.reason],
    ['--incident-at', given.incidentAt === undefined ? undefined : asTime(given.incidentAt, now), run.incidentAt],
    ['--services', given.services, run.services],
  ];
  const wrong = pairs.filter(([, said, is]) => said !== undefined && !sameJson(said, is));
  if (wrong.length === 0) return;
  const list = wrong.map(([flag, said, is]) => `${flag} says ${textOf(said)}, the run has ${textOf(is)}`).join('; ');
  throw new EksDrError('bad-usage', {
    message: `${folder} holds the run ${run.id}, which this contradicts: ${list}.`,
    target: '--run',
    remedy: 'Leave these out to continue that run, or name another folder.',
  });
}

/** The time in the form of the run; an unreadable one is a mistake of its own. */
function asTime(text: string, now: number): string {
  const incident = incidentTime(text, names.incidentAt, now);
  if ('mistake' in incident) throw usage(`${incident.mistake.text}.`, names.incidentAt);
  return incident.time;
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

function usage(message: string, target: string): EksDrError {
  return new EksDrError('bad-usage', { message, target });
}
