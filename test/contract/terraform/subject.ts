import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Opened } from '../contract.ts';
import { unique } from '../unique.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A root module in a folder of its own, with its state in S3. */
export interface Workspace {
  readonly folder: string;
  readonly bucket: string;
  /** Of the state; the lock file lies beside it, with `.tflock` behind its name. */
  readonly key: string;
  readonly s3: S3Client;
  /** The arguments of init that say where the state lies. */
  readonly backend: readonly string[];
  /** Runs the program; `at` acts once when stdout matches, on the running process. */
  run(args: readonly string[], at?: { readonly pattern: RegExp; act(kill: (signal: NodeJS.Signals) => void): void }): Promise<Ended>;
  /** The same, for what must succeed. */
  ok(args: readonly string[]): Promise<string>;
}

/** A program with Terraform's command line, and a module whose stack has several resources, one after another. */
export interface Program {
  readonly name: string;
  /** What stdout says while the stack is half made. */
  readonly inHand: RegExp;
  /** A new one, with a file `run.tfvars.json` for the module's variables. */
  workspace(): Promise<Workspace>;
  /** One after init. */
  initialised(): Promise<Workspace>;
  /** A shared one with a plan in `run.tfplan` that nobody applies, and what plan said. */
  planned(): Promise<{ readonly workspace: Workspace; readonly said: Ended }>;
  /** A shared one whose `run.tfplan` was applied, and what apply said. */
  applied(): Promise<{ readonly workspace: Workspace; readonly said: Ended }>;
}

/** What a module declares, whatever its resources are. */
export const DECLARATIONS = `
terraform {
  backend "s3" {}
}
variable "cluster_name" {
  type = string
}
variable "region" {
  type = string
}
variable "kubernetes_version" {
  type = string
}
variable "tags" {
  type = map(string)
}
variable "password" {
  type      = string
  sensitive = true
  default   = "correct-horse"
}
`;

/** Writes the values of the module's variables. What is applied needs a name of its own: all workspaces share one account. */
export async function nameStack(folder: string, name: string, tags: Readonly<Record<string, string>> = {}): Promise<void> {
  const values = { cluster_name: name, region: 'eu-central-1', kubernetes_version: '1.34', tags };
  await writeFile(join(folder, 'run.tfvars.json'), JSON.stringify(values));
}

export const PLAN = ['plan', '-input=false', '-json', '-detailed-exitcode', '-out=run.tfplan', '-var-file=run.tfvars.json'];
export const APPLY = ['apply', '-input=false', '-json', 'run.tfplan'];

export interface ProgramSpec {
  readonly name: string;
  readonly program: string;
  readonly module: string;
  readonly inHand: RegExp;
  readonly environment: Readonly<Record<string, string>>;
  readonly s3: S3Client;
  makeBucket(name: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Makes the subject; everything it makes lies below one temporary folder. */
export async function openProgram(spec: ProgramSpec): Promise<Opened<Program>> {
  const root = await mkdtemp(join(tmpdir(), 'contract-terraform-'));
  const workspace = () => makeWorkspace(spec, join(root, unique('workspace')));
  const initialised = async (): Promise<Workspace> => {
    const made = await workspace();
    await made.ok(['init', '-input=false', '-no-color', ...made.backend]);
    return made;
  };
  const plan = async () => {
    const made = await initialised();
    return { workspace: made, said: await made.run(PLAN) };
  };
  const planned = shared(plan);
  const applied = shared(async () => {
    const { workspace: made } = await plan();
    return { workspace: made, said: await made.run(APPLY) };
  });
  return {
    subject: { name: spec.name, inHand: spec.inHand, workspace, initialised, planned, applied },
    close: async () => {
      await spec.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function shared<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function makeWorkspace(spec: ProgramSpec, root: string): Promise<Workspace> {
  const folder = join(root, 'module');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'main.tf'), spec.module);
  await nameStack(folder, 'shop');
  const bucket = unique('state');
  await spec.makeBucket(bucket);
  const key = 'eks-dr/r1.tfstate';
  const settings = { bucket, key, region: 'eu-central-1', use_lockfile: 'true', use_path_style: 'true' };
  const run: Workspace['run'] = (args, at) => start(spec, root, folder, args, at);
  return {
    folder,
    bucket,
    key,
    s3: spec.s3,
    backend: Object.entries(settings).map(([name, value]) => `-backend-config=${name}=${value}`),
    run,
    async ok(args) {
      const { code, stdout, stderr } = await run(args);
      expect(code, `${args.join(' ')}: ${stdout}\n${stderr}`).to.equal(0);
      return stdout;
    },
  };
}

function start(
  spec: ProgramSpec,
  root: string,
  folder: string,
  args: readonly string[],
  at: Parameters<Workspace['run']>[1],
): Promise<Ended> {
  const own = { PATH: process.env.PATH ?? '', HOME: root, TF_DATA_DIR: join(root, 'data'), TF_IN_AUTOMATION: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn(spec.program, args, { cwd: folder, env: { ...own, ...spec.environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    let acted = false;
    child.stdout.on('data', (chunk: Buffer) => {
      said.stdout += chunk.toString();
      if (acted || !at?.pattern.test(said.stdout)) return;
      acted = true;
      at.act((signal) => child.kill(signal));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said.stderr += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}

export interface Line {
  readonly type: string;
  readonly '@level': string;
  readonly '@message': string;
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
  readonly [member: string]: unknown;
}

/** The lines of `-json`. */
export function linesOf({ stdout }: Pick<Ended, 'stdout'>): Line[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** Text without its line ends: where they come depends on the words before. */
export function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
