import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import { readJsonFile } from '../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { loadEstate } from '../estate/load.ts';
import type { BundleFile } from '../jenkins/bundle.ts';
import { defineCommand } from './command.ts';
import { estateOption } from './options.ts';

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'Write the Jenkins repository of an estate: pipelines, shared library, jobs, the pinned steps',
  examples: [
    ['generate --estate eks-dr.yaml --out ../eks-dr-jenkins', 'writes what differs, then commit it'],
    ['generate --estate eks-dr.yaml --out ../eks-dr-jenkins --check', 'exit status 1 when something differs; for CI'],
  ],
  options: {
    estate: estateOption,
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'The folder of the repository' },
    settings: {
      type: 'string',
      requiresArg: true,
      describe: 'A JSON file: how it fits into your Jenkins (folder, job, agentLabel, ...)',
    },
    check: { type: 'boolean', default: false, describe: 'Compare only' },
  },
  async run(args, io) {
    const file = args.estate ?? 'eks-dr.yaml';
    const { estate, text } = await loadEstate(
      file,
      io.steps.map(({ id }) => id),
    );
    // Loaded only here: nothing else that eks-dr does needs a generator.
    const { generateJenkins } = await import('../jenkins/generate.ts');
    const stepFiles = await compiledSteps(join(io.stepsFolder, '..'));
    const { differences, exitStatus, bundleDigest } = await generateJenkins({
      estate,
      estateText: text,
      estateFiles: await estateFiles(dirname(resolve(file)), [estate.terraform.directory, estate.inventory.lastGood]),
      steps: io.steps,
      stepFiles,
      out: args.out,
      check: args.check,
      tool: `eks-dr ${io.version}`,
      ...(args.settings === undefined ? {} : { settings: await settingsIn(args.settings) }),
    });
    for (const difference of differences) io.stdout.write(`${args.check ? 'differs' : 'written'}: ${difference.path}\n`);
    io.stdout.write(`bundle sha256 ${bundleDigest}\n`);
    return exitStatus;
  },
});

/** The steps, what Jenkins calls beside them, and the templates that steps fill in; all under their paths in dist/. */
async function compiledSteps(dist: string): Promise<readonly BundleFile[]> {
  const { readBundleFolder } = await import('../jenkins/bundle.ts');
  const folder = (name: string, wanted: (path: string) => boolean) => readBundleFolder(join(dist, name), `${name}/`, wanted);
  const isProgram = (path: string): boolean => path.endsWith('.js');
  const parts = await Promise.all([
    folder('steps', isProgram),
    folder('jenkins', isProgram),
    folder('templates', (path) => !path.startsWith('jenkins')),
  ]);
  const notices = 'THIRD-PARTY-NOTICES';
  return [...parts.flat(), { path: notices, content: await readFile(join(dist, notices)) }];
}

/** What the estate names beside itself: the Terraform module, and the last good inventory once there is one. */
async function estateFiles(folder: string, paths: readonly (string | undefined)[]): Promise<readonly BundleFile[]> {
  const { readBundleFolder } = await import('../jenkins/bundle.ts');
  const files = await Promise.all(
    paths.map(async (path): Promise<readonly BundleFile[]> => {
      const found = path === undefined ? undefined : await stat(join(folder, path)).catch(() => undefined);
      if (path === undefined || found === undefined) return [];
      const name = posix.normalize(path).replace(/\/$/, '');
      if (found.isFile()) return [{ path: name, content: await readFile(join(folder, path)) }];
      // What `terraform init` leaves behind belongs to one machine; the lock file travels.
      return readBundleFolder(join(folder, path), `${name}/`, (inside) => !inside.split('/').includes('.terraform'));
    }),
  );
  return files.flat();
}

async function settingsIn(file: string): Promise<unknown> {
  const settings = await readJsonFile(file);
  if (settings !== undefined) return settings;
  throw new EksDrError('input-unreadable', { message: `${file} does not exist.`, target: '--settings' });
}
