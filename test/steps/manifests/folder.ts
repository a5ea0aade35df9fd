import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that stands beside an estate, with these files in its subfolder `manifests`. */
export interface TestFolder {
  readonly estateFolder: string;
  remove(): Promise<void>;
}

export async function manifestFolder(files: Readonly<Record<string, string>>): Promise<TestFolder> {
  const estateFolder = await mkdtemp(join(tmpdir(), 'eks-dr-manifests-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(estateFolder, 'manifests', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return { estateFolder, remove: () => rm(estateFolder, { recursive: true }) };
}
