import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sources = join(import.meta.dirname, 'controller');
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'eks-dr', 'jenkins-controller');

/** What this machine lacks to run the generated Groovy; undefined: nothing. */
export async function missingTool(): Promise<string | undefined> {
  const { stderr: java } = await run('java', ['-version']).catch(() => ({ stderr: '' }));
  const major = Number(/version "(\d+)/.exec(java)?.[1] ?? 0);
  if (major < 17) return major === 0 ? 'Java 17 is missing' : `Java ${major} is too old, it must be 17 or later`;
  return run('mvn', ['-version']).then(
    () => undefined,
    () => 'Maven is missing',
  );
}

/** The class path of the stand-in for a Jenkins controller, compiled by Maven unless the cache has it from these very sources. */
export async function controllerClassPath(): Promise<string> {
  const folder = join(cache, await sourcesDigest());
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const building = await mkdtemp(join(cache, 'building-'));
    const args = ['--batch-mode', '--quiet', '--file', join(sources, 'pom.xml'), `-Dcontroller.target=${building}`, 'process-classes'];
    await run('mvn', args, { maxBuffer: 1 << 24 }).catch((error: { stdout?: string }) => {
      throw new Error(`Maven could not build test/jenkins/controller:\n${error.stdout ?? String(error)}`);
    });
    // Renamed when it is whole: another process may be building the same.
    await rename(building, folder).catch(() => rm(building, { recursive: true }));
  }
  return [join(folder, 'classes'), join(folder, 'libraries', '*')].join(delimiter);
}

async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(sources, { recursive: true })).toSorted()) {
    const path = join(sources, name);
    if ((await stat(path)).isFile()) hash.update(`${name}\n`).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}
