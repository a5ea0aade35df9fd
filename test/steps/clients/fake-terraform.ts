import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTerraform, type Terraform } from '../../../steps/clients/terraform.ts';
import { createClock } from '../../../steps/kit/clock.ts';
import type { Log } from '../../../steps/kit/log.ts';
import { estateWith } from '../context.ts';

/** How the program answers one command. */
export interface FakeAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  /** Written into the module before it ends: file name -> text. */
  readonly leaves?: Readonly<Record<string, string>>;
  /** Stays until it is interrupted, then says so, and ends. */
  readonly waits?: boolean;
  /** Is killed, like by a system that is short of memory. */
  readonly killed?: boolean;
  /** Says that it was interrupted when something else than a signal of ours did it. */
  readonly interruptedElsewhere?: boolean;
}

/** One call of the program, as it saw it. */
export interface FakeCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Content and mode of the files named in arguments. */
  readonly files: Readonly<Record<string, { readonly text: string; readonly mode: string }>>;
  readonly signals: readonly string[];
  /** Whether it writes into a file: a pipe would end with whoever reads it. */
  readonly intoFile: boolean;
}

export const RUN = { id: 'drill-1', mode: 'drill', target: 'frankfurt' } as const;
export const STACK = { directory: 'module', stateKey: 'eks-dr/drill-1.tfstate', region: 'eu-central-1' } as const;

export interface FakeTerraform {
  readonly folder: string;
  readonly module: string;
  readonly lines: string[];
  answer(command: string, answer: FakeAnswer): void;
  calls(command?: string): FakeCall[];
  connect(options?: {
    readonly environment?: NodeJS.ProcessEnv;
    readonly signal?: AbortSignal;
    readonly scale?: number;
    readonly program?: string;
  }): Terraform;
  remove(): void;
}

/** A program that answers as it is told, and remembers how it was called. */
export function fakeTerraform(): FakeTerraform {
  // Every client removes its folder when the process ends; only tests make so many in one process.
  process.setMaxListeners(100);
  const folder = mkdtempSync(join(tmpdir(), 'fake-terraform-'));
  const module = join(folder, 'module');
  mkdirSync(module);
  const program = join(folder, 'terraform');
  writeFileSync(program, SCRIPT);
  chmodSync(program, 0o755);
  const answers: Record<string, FakeAnswer> = {};
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string): void => {
      lines.push(`${level}: ${message}`);
    };
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  return {
    folder,
    module,
    lines,
    answer(command, answer) {
      answers[command] = answer;
      writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
    },
    calls(command) {
      const file = join(folder, 'calls.jsonl');
      const all = existsSync(file)
        ? readFileSync(file, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as FakeCall)
        : [];
      return all.filter(({ args }) => command === undefined || args.join(' ').startsWith(command));
    },
    connect({ environment = {}, signal = new AbortController().signal, scale = 1, program: other } = {}) {
      return connectTerraform({
        estate: estateWith({ terraform: { ...estateWith().terraform, directory: 'module' } }),
        run: RUN,
        environment: { PATH: process.env.PATH, HOME: folder, EKS_DR_TERRAFORM: other ?? program, ...environment },
        clock: createClock(scale, Date.now()),
        log,
        signal,
        estateFolder: folder,
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A plan document with one resource to create and nothing else. */
export function planJson(change: Record<string, unknown> = {}): string {
  const variables = { cluster_name: {}, region: {}, kubernetes_version: {}, tags: {}, node_instance_type: {}, node_count: {} };
  return JSON.stringify({
    format_version: '1.2',
    resource_changes: [
      {
        address: 'aws_vpc.this',
        mode: 'managed',
        change: { actions: ['create'], before: null, after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } },
      },
    ],
    output_changes: {},
    configuration: { root_module: { variables } },
    ...change,
  });
}

const SCRIPT = `#!/usr/bin/env node
const fs = require('node:fs');
const path = require('node:path');
const folder = __dirname;
const args = process.argv.slice(2);
const answers = fs.existsSync(path.join(folder, 'answers.json')) ? JSON.parse(fs.readFileSync(path.join(folder, 'answers.json'))) : {};
const command = Object.keys(answers).sort((a, b) => b.length - a.length).find((name) => args.join(' ').startsWith(name));
const answer = answers[command] || {};
const files = {};
for (const arg of args) {
  const file = arg.replace(/^-[a-z-]+=/, '');
  if (path.isAbsolute(file) && fs.existsSync(file)) files[file] = { text: fs.readFileSync(file, 'utf8'), mode: (fs.statSync(file).mode & 0o777).toString(8) };
}
const out = args.find((arg) => arg.startsWith('-out='));
if (out) fs.writeFileSync(out.slice(5), 'a plan');
const signals = [];
const end = () => {
  for (const [name, text] of Object.entries(answer.leaves || {})) fs.writeFileSync(path.join(process.cwd(), name), text);
  fs.appendFileSync(path.join(folder, 'calls.jsonl'), JSON.stringify({ args, env: process.env, cwd: process.cwd(), files, signals, intoFile: fs.fstatSync(1).isFile() && fs.fstatSync(2).isFile() }) + '\\n');
  process.stderr.write(answer.stderr || '');
  process.stdout.write(answer.stdout || '', () => process.exit(answer.code || 0));
};
if (answer.killed) process.kill(process.pid, 'SIGKILL');
else if (!answer.waits) end();
else {
  const timer = setInterval(() => {}, 1000);
  const interrupted = () => {
    if (signals.length > 0) return;
    signals.push('SIGINT');
    process.stdout.write(JSON.stringify({ '@level': 'info', '@message': '\\nInterrupt received.\\nGracefully shutting down...', type: 'log' }) + '\\n');
    setTimeout(() => { clearInterval(timer); end(); }, 50);
  };
  process.on('SIGINT', () => { if (signals.length > 0) signals.push('SIGINT'); interrupted(); });
  if (answer.interruptedElsewhere) process.on('SIGTERM', () => {
    process.stdout.write(JSON.stringify({ '@level': 'info', '@message': 'Interrupt received.', type: 'log' }) + '\\n');
    setTimeout(() => { clearInterval(timer); end(); }, 1500);
  });
  fs.writeFileSync(path.join(folder, 'waiting'), String(process.pid));
}
`;
