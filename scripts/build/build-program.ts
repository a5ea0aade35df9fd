import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundle } from './bundle.ts';
import { inputsDigest } from './inputs-digest.ts';
import { noticesText } from './notices.ts';

export interface Built {
  /** Nothing had changed since the last build. */
  readonly fresh: boolean;
  readonly files: number;
  readonly bytes: number;
}

const DIGEST_FILE = 'inputs.sha256';

// Found by its name on PATH, as the real one is.
const TERRAFORM_WRAPPER = '#!/bin/sh\nexec node "$(dirname "$0")/../terraform.js" "$@"\n';

/** Builds dist/ unless it is up to date. The old one stays until the new one is whole. */
export async function buildProgram(root: string, options: { readonly force: boolean }): Promise<Built> {
  const dist = join(root, 'dist');
  const digest = await inputsDigest(root);
  const last = await readFile(join(dist, DIGEST_FILE), 'utf8').catch(() => '');
  if (!options.force && last === digest) return { fresh: true, files: 0, bytes: 0 };

  const { files, inputs } = await bundle(root);
  const all: readonly { readonly path: string; readonly contents: Uint8Array | string; readonly executable?: boolean }[] = [
    ...files,
    { path: 'sandbox/bin/terraform', contents: TERRAFORM_WRAPPER, executable: true },
    { path: 'THIRD-PARTY-NOTICES', contents: await noticesText(root, inputs) },
    { path: 'package.json', contents: '{ "private": true, "type": "module" }\n' },
    { path: DIGEST_FILE, contents: digest },
  ];
  const next = join(root, '.eks-dr', `build-${process.pid}`);
  await rm(next, { recursive: true, force: true });
  for (const { path, contents, executable } of all) {
    await mkdir(dirname(join(next, path)), { recursive: true });
    await writeFile(join(next, path), contents);
    if (executable === true || path === 'eks-dr.js') await chmod(join(next, path), 0o755);
  }
  // Read at run time, from the folder beside the one that the code is in.
  await cp(join(root, 'templates'), join(next, 'templates'), { recursive: true });
  await replaceFolder(dist, next);
  return { fresh: false, files: all.length, bytes: all.reduce((sum, { contents }) => sum + contents.length, 0) };
}

async function replaceFolder(folder: string, next: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await rm(folder, { recursive: true, force: true });
    try {
      await rename(next, folder);
      return;
    } catch (thrown) {
      // Another build may have put its own there in between; both are whole, and the last one wins.
      if (tries === 5 || (thrown as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw thrown;
    }
  }
}
