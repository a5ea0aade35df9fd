import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { errorsPage } from '../pipeline/docs/errors.ts';
import { estatePage } from '../pipeline/docs/estate-page.ts';
import { estateSchemaText } from '../pipeline/estate/json-schema.ts';

// Writes what is generated from the sources and committed; with --check it only says what is out of date.
const root = join(import.meta.dirname, '..');
const files: Readonly<Record<string, () => string>> = {
  'docs/estate.schema.json': estateSchemaText,
  'docs/estate.md': estatePage,
  'docs/errors.md': errorsPage,
};

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [path, render] of Object.entries(files)) {
  const text = render();
  const found = await readFile(join(root, path), 'utf8').catch(() => '');
  if (found === text) continue;
  stale.push(path);
  if (!check) await writeFileAtomic(join(root, path), text);
}
for (const path of stale) process.stdout.write(`${check ? 'out of date' : 'written'}: ${path}\n`);
if (check && stale.length > 0) {
  process.stdout.write('Run `npm run generate` and commit the result.\n');
  process.exitCode = 1;
}
