import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import { loadEstate } from '../estate/load.ts';
import { type BundleFile, readBundleFolder } from './bundle.ts';
import { type Generated, generateJenkins } from './generate.ts';
import type { JenkinsStep } from './steps.ts';

export interface FromEstate {
  readonly estateFile: string;
  readonly steps: readonly JenkinsStep[];
  /** The folder with the compiled program. */
  readonly dist: string;
  readonly out: string;
  readonly check: boolean;
  readonly tool: string;
  readonly settings?: unknown;
}

/** Generates the Jenkins repository of an estate file, with the compiled program and all that the estate names beside itself. */
export async function generateFromEstate({ estateFile, dist, ...options }: FromEstate): Promise<Generated> {
  const stepIds = options.steps.map(({ id }) => id);
  const { estate, text } = await loadEstate(estateFile, stepIds);
  const { karpenter, istio } = estate.addons;
  const named = [estate.terraform.directory, estate.inventory.lastGood, karpenter?.manifests, istio?.manifests];
  return generateJenkins({
    ...options,
    estate,
    estateText: text,
    estateFiles: await estateFiles(dirname(resolve(estateFile)), named),
    stepFiles: await compiledSteps(dist),
  });
}

/** The steps, what Jenkins calls beside them, and the templates that steps fill in; all under their paths in dist/. */
async function compiledSteps(dist: string): Promise<readonly BundleFile[]> {
  const folder = (name: string, wanted: (path: string) => boolean) => readBundleFolder(join(dist, name), `${name}/`, wanted);
  const isProgram = (path: string): boolean => path.endsWith('.js');
  const parts = await Promise.all([
    folder('steps', isProgram),
    folder('jenkins', isProgram),
    folder('templates', (path) => !path.startsWith('jenkins') && !path.startsWith('terraform')),
  ]);
  const notices = 'THIRD-PARTY-NOTICES';
  return [...parts.flat(), { path: notices, content: await readFile(join(dist, notices)) }];
}

/** What the estate names beside itself: the Terraform module, folders of manifests, and the last good inventory once there is one. */
async function estateFiles(folder: string, paths: readonly (string | undefined)[]): Promise<readonly BundleFile[]> {
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
