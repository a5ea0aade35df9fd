import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { writeTerraformProgram } from '../../../sandbox/terraform/program.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Sends SIGINT once when a line of stdout matches. */
  readonly interruptAt?: RegExp;
  /** Called when a line of stdout matches `at`. */
  readonly at?: { readonly pattern: RegExp; act(): void };
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Workspace {
  readonly folder: string;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  remove(): Promise<void>;
}

const module = `
variable "cluster_name" {
  type = string # the name { of the cluster }
}
variable "region" { type = string }
variable "kubernetes_version" {
  type = string
}
variable "tags" {
  type = map(string)
}
variable "node_count" {
  default = 3
}
terraform {
  backend "s3" {}
}
output "cluster_name" { value = "x" }
output "region" { value = "x" }
output "vpc_id" { value = "x" }
output "node_role_arn" { value = "x" }
`;

/** The stand-in as one file, which starts faster than the sources do. */
export async function bundleTerraform(folder: string): Promise<string> {
  const outfile = join(folder, 'terraform.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  const entryPoints = ['sandbox/terraform/main.ts'];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', banner, logLevel: 'error' });
  return outfile;
}

/** A root module in a folder of its own, and the stand-in run in it as callers run Terraform. */
export async function makeWorkspace(running: RunningSandbox, entry?: string): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'sandbox-terraform-'));
  const folder = join(root, 'module');
  await mkdir(folder);
  await writeFile(join(folder, 'main.tf'), module);
  const program = await writeTerraformProgram(root, entry);
  const base = {
    PATH: process.env.PATH ?? '',
    HOME: root,
    TF_IN_AUTOMATION: '1',
    TF_DATA_DIR: join(root, 'data'),
    TF_SANDBOX_POLL_MS: '25',
  };
  return {
    folder,
    remove: () => rm(root, { recursive: true, force: true }),
    run: (args, options = {}) =>
      new Promise((resolve, reject) => {
        const env = { ...base, ...running.environment, ...options.environment };
        const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
        let stdout = '';
        let stderr = '';
        let interrupted = false;
        let acted = false;
        child.stdout.on('data', (chunk: Buffer) => {
          stdout += chunk.toString();
          if (options.interruptAt?.test(stdout) && !interrupted) {
            interrupted = true;
            child.kill('SIGINT');
          }
          if (options.at?.pattern.test(stdout) && !acted) {
            acted = true;
            options.at.act();
          }
        });
        child.stderr.on('data', (chunk: Buffer) => {
          stderr += chunk.toString();
        });
        child.once('error', reject);
        child.once('close', (code) => resolve({ code, stdout, stderr }));
      }),
  };
}
