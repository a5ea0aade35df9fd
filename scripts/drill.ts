import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { takeLock } from '../pipeline/runner/lock.ts';
import { buildProgram } from './build/build-program.ts';
import { differenceText, worldDifferences } from './drill/differences.ts';
import { unexplained } from './drill/exceptions.ts';
import { type SandboxProcess, startSandboxProcess } from './drill/sandbox-process.ts';
import { reportLines } from './drill/summary.ts';

// A whole drill of the example estate against the sandbox, with the compiled program, as on the night:
//   npm run drill                  from a fresh world
//   npm run drill -- --again       the same run once more: nothing is asked, nothing changes
//   npm run drill -- --clean-up    undo, and compare with the world before
const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    again: { type: 'boolean', default: false },
    'clean-up': { type: 'boolean', default: false },
    world: { type: 'string', default: 'shop' },
    // The start of each process costs this many times its real time on the clock of the drill: the less, the truer are its times.
    scale: { type: 'string', default: '12' },
    folder: { type: 'string', default: join(root, '.eks-dr', 'drill') },
  },
});
const folder = values.folder;
const at = (name: string): string => join(folder, name);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function eksDr(sandbox: SandboxProcess, ...args: string[]): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'dist', 'eks-dr.js'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...sandbox.environment },
  });
  const handOn = (): void => void child.kill('SIGTERM');
  process.on('SIGTERM', handOn).on('SIGINT', () => undefined);
  const [status] = (await once(child, 'exit')) as [number | null];
  process.off('SIGTERM', handOn);
  return status ?? 1;
}

async function keepDump(sandbox: SandboxProcess, name: string): Promise<unknown> {
  const dump = await sandbox.dump();
  await writeFile(at(name), `${JSON.stringify(dump, null, 2)}\n`);
  return dump;
}

function holds(what: string, differences: readonly string[]): boolean {
  say(differences.length === 0 ? `ok: ${what}` : `NOT ok: ${what}; ${differences.length} differences:`);
  for (const line of differences.slice(0, 40)) say(`  ${line}`);
  return differences.length === 0;
}

async function drill(sandbox: SandboxProcess): Promise<boolean> {
  await keepDump(sandbox, 'before.dump.json');
  const estate = join(root, 'examples', 'shop', 'eks-dr.yaml');
  const status = await eksDr(sandbox, 'run', '--mode', 'drill', '--estate', estate, '--run', folder, '--approve', 'all');
  await keepDump(sandbox, 'after.dump.json');
  if (existsSync(at('report.json'))) for (const line of await reportLines(at('report.json'))) say(line);
  say(status === 0 ? 'ok: the drill' : `NOT ok: the drill ended with exit status ${status}`);
  return status === 0;
}

async function again(sandbox: SandboxProcess): Promise<boolean> {
  const before = await sandbox.dump();
  // No terminal and no --approve: a plan that asked for anything would fail the run.
  const status = await eksDr(sandbox, 'run', '--run', folder);
  const after = await keepDump(sandbox, 'again.dump.json');
  const same = holds('a second run changes nothing in the world', worldDifferences(before, after).map(differenceText));
  say(status === 0 ? 'ok: a second run asks nothing' : `NOT ok: the second run ended with exit status ${status}`);
  return same && status === 0;
}

async function cleanUp(sandbox: SandboxProcess): Promise<boolean> {
  const status = await eksDr(sandbox, 'undo', '--run', folder, '--approve', 'all');
  const after = await keepDump(sandbox, 'clean.dump.json');
  const before: unknown = JSON.parse(await readFile(at('before.dump.json'), 'utf8'));
  const same = holds('after the clean-up the world is as before', unexplained(worldDifferences(before, after)).map(differenceText));
  say(status === 0 ? 'ok: the clean-up' : `NOT ok: the clean-up ended with exit status ${status}`);
  return same && status === 0;
}

await mkdir(dirname(folder), { recursive: true });
// Beside the folder, which a fresh drill removes.
const lock = await takeLock(`${folder}.lock`);
try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  await lock.release();
}

async function main(): Promise<boolean> {
  const goesOn = values.again || values['clean-up'];
  if (goesOn && !existsSync(at('run.json'))) throw new Error(`There is no drill in ${folder}: run \`npm run drill\` first.`);
  if (!goesOn && existsSync(folder) && !existsSync(at('world.json'))) throw new Error(`${folder} is no drill of ours; it stays as it is.`);
  const built = await buildProgram(root, { force: false });
  say(built.fresh ? 'dist is up to date' : `built dist: ${built.files} files`);
  if (!goesOn) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sandbox = await startSandboxProcess({
    program: join(root, 'dist', 'eks-dr.js'),
    world: values.world,
    file: at('world.json'),
    scale: Number(values.scale),
  });
  try {
    const part = values.again ? again : values['clean-up'] ? cleanUp : drill;
    return await part(sandbox);
  } finally {
    await sandbox.stop();
  }
}
