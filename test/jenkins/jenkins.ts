import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { controllerClassPath } from './controller.ts';

const run = promisify(execFile);

/** What a person does about a question. `time out`: nobody answers. */
export interface Answer {
  readonly action: 'approve' | 'reject' | 'time out' | 'abort the build';
  readonly user?: string;
}

export interface BuildOptions {
  readonly job: JobName;
  readonly parameters?: Readonly<Record<string, string | boolean>>;
  /** Null: a timer. */
  readonly user?: string | null;
  /** By the id of the input, or `*` for all others; by default `olga` approves everything. */
  readonly answers?: Readonly<Record<string, readonly Answer[]>>;
  /** Begins at this stage of an earlier build, with its parameters. */
  readonly restart?: { readonly build: number; readonly stage: string };
  /** When somebody aborts the build: as a shell starts (by its label), or says a text. */
  readonly abort?: { readonly when: 'starts' | 'says'; readonly text: string; readonly user: string };
  /** By default each block of an agent gets one of its own. */
  readonly agents?: 'fresh' | 'lasting';
}

const jobs = {
  'EKS-DR': 'Jenkinsfile',
  'EKS-DR-undo': 'Jenkinsfile.undo',
  'EKS-DR-preflight': 'Jenkinsfile.preflight',
} as const;
export type JobName = keyof typeof jobs;

/** What became of a build, as the controller left it. */
export interface Build {
  readonly number: number;
  readonly result: 'SUCCESS' | 'UNSTABLE' | 'FAILURE' | 'ABORTED';
  readonly displayName: string;
  readonly description: string | null;
  readonly keepLog: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** Status by name, in the order in which they began. */
  readonly stages: Readonly<Record<string, string>>;
  readonly inputs: readonly {
    readonly id: string;
    readonly message: string;
    readonly submitter: string;
    readonly answers: readonly string[];
  }[];
  readonly declared: Readonly<Record<string, unknown>>;
  /** The largest state of the program that was saved, in bytes. */
  readonly largestProgram: number;
  readonly log: string;
  /** The folder of its archived artifacts. */
  readonly archive: string;
}

export interface JenkinsOptions {
  /** The generated repository. */
  readonly repository: string;
  /** What every agent has in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Secret texts by the id of the credential. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly administrators?: readonly string[];
}

/** A Jenkins with the three jobs of a generated repository, and its home in a folder of its own. */
export interface Jenkins {
  readonly home: string;
  /** Throws when the controller itself could not run the build, or when the build did what Jenkins would refuse. */
  build(options: BuildOptions): Promise<Build>;
  /** Another Jenkins, with the builds so far, that goes its own way. */
  copy(changes: Partial<JenkinsOptions>): Promise<Jenkins>;
  remove(): Promise<void>;
}

export async function createJenkins(options: JenkinsOptions, earlier?: string): Promise<Jenkins> {
  const classPath = await controllerClassPath();
  const home = await mkdtemp(join(tmpdir(), 'eks-dr-jenkins-'));
  if (earlier !== undefined) await cp(earlier, home, { recursive: true });
  return {
    home,
    build: async (build) => {
      const request = join(home, 'request.json');
      await writeFile(request, JSON.stringify({ home, ...requestOf(options, build) }));
      const { stdout } = await run('java', ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'controller.Main', request]);
      return readBuild(stdout.trim());
    },
    copy: (changes) => createJenkins({ ...options, ...changes }, home),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

function requestOf({ repository, environment, credentials, administrators = [] }: JenkinsOptions, build: BuildOptions): object {
  const { job, user, answers = {}, ...rest } = build;
  return {
    repository,
    environment,
    credentials,
    administrators,
    libraryName: 'eks-dr',
    label: 'eks-dr',
    job: `/eks-dr/${job}`,
    jenkinsfile: jobs[job],
    user: user === undefined ? 'anna' : user,
    answers: { '*': [{ action: 'approve', user: 'olga' }], ...answers },
    ...rest,
  };
}

async function readBuild(folder: string): Promise<Build> {
  const log = await readFile(join(folder, 'log'), 'utf8');
  const { refusals, ...build } = JSON.parse(await readFile(join(folder, 'build.json'), 'utf8')) as Build & { refusals: readonly string[] };
  if (refusals.length > 0) throw new Error(`Jenkins would refuse what the build did:\n${refusals.join('\n')}\n\n${log.slice(-4000)}`);
  return { ...build, log, archive: join(folder, 'archive') };
}
