import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { built } from '../../built.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
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

/** A root module in a folder of its own, and the stand-in run in it as callers run Terraform. */
export async function makeWorkspace(running: RunningSandbox): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'sandbox-terraform-'));
  const folder = join(root, 'module');
  await mkdir(folder);
  await writeFile(join(folder, 'main.tf'), module);
  const program = await built('sandbox/bin/terraform');
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
