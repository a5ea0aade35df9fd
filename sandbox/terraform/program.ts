import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Writes an executable called `terraform` into a folder and gives its path. `entry` is the file to run, for bundles; from the
 * sources it is main.ts, which needs tsx.
 */
export async function writeTerraformProgram(folder: string, entry?: string): Promise<string> {
  const main = entry ?? fileURLToPath(new URL('./main.ts', import.meta.url));
  const loader = main.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
  const words = [process.execPath, '--no-warnings', ...loader, main].map(quote).join(' ');
  const file = join(folder, 'terraform');
  await writeFile(file, `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(file, 0o755);
  return file;
}
