import { rmSync } from 'node:fs';
import { access, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EksDrError } from '../kit/errors.ts';

/** A private folder for one working copy of Terraform's data; it goes when the process ends. */
export interface PrivateFolder {
  readonly path: string;
  readonly data: string;
  readonly temporary: string;
  /** Writes a file that only this user may read, hands its path on, and removes it. */
  withFile<T>(name: string, content: string, use: (path: string) => Promise<T>): Promise<T>;
}

export async function privateFolder(): Promise<PrivateFolder> {
  // mkdtemp makes the folder with mode 0700.
  const path = await mkdtemp(join(tmpdir(), 'eks-dr-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  const temporary = join(path, 'tmp');
  await mkdir(temporary, { mode: 0o700 });
  return {
    path,
    data: join(path, 'data'),
    temporary,
    async withFile(name, content, use) {
      const file = join(path, name);
      await writeFile(file, content, { mode: 0o600 });
      try {
        return await use(file);
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}

/** The absolute path of the root module. Throws `estate-invalid` when there is none. */
export async function moduleFolder(estateFolder: string, directory: string): Promise<string> {
  const path = resolve(estateFolder, directory);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return path;
  throw new EksDrError('estate-invalid', {
    message: `terraform.directory is ${directory}, but ${path} is no folder.`,
    target: 'terraform.directory',
    remedy: 'Name the root module, relative to the estate file; on an agent, set EKS_DR_ESTATE_FOLDER to the folder of the estate.',
  });
}

export async function hasLockFile(modulePath: string): Promise<boolean> {
  return access(join(modulePath, '.terraform.lock.hcl')).then(
    () => true,
    () => false,
  );
}
