import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { errorsPage } from '../pipeline/docs/errors.ts';
import { estatePage } from '../pipeline/docs/estate-page.ts';
import { estateSchemaText } from '../pipeline/estate/json-schema.ts';
import { generateFromEstate } from '../pipeline/jenkins/from-estate.ts';
import { steps } from '../steps/index.ts';
import { TOOL } from '../steps/main.ts';
import { contracts } from '../test/contract/contracts.ts';
import { fidelityPage } from '../test/contract/fidelity-page.ts';
import { buildProgram } from './build/build-program.ts';
import { builtInFieldsText } from './built-in-fields.ts';

// Writes what is generated from the sources and committed; with --check it only says what is out of date.
const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

const pages: Readonly<Record<string, () => string>> = {
  'docs/estate.schema.json': estateSchemaText,
  'docs/estate.md': estatePage,
  'docs/errors.md': errorsPage,
  'docs/sandbox-fidelity.md': () => fidelityPage(contracts),
  'sandbox/kubernetes/built-in-fields.json': builtInFieldsText,
};

// Not committed: a megabyte for each change of a step. Its digest is, in the Jenkinsfiles.
const BUNDLE = 'resources/eks-dr/bundle.tgz';

async function generatePages(): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, render] of Object.entries(pages)) {
    const text = render();
    const found = await readFile(join(root, path), 'utf8').catch(() => '');
    if (found === text) continue;
    stale.push(path);
    if (!check) await writeFileAtomic(join(root, path), text);
  }
  return stale;
}

/** The Jenkins repository of the example estate, with the program as it is built now. */
async function generateExample(): Promise<string[]> {
  await buildProgram(root, { force: false });
  const { differences } = await generateFromEstate({
    estateFile: join(root, 'examples', 'shop', 'eks-dr.yaml'),
    steps,
    dist: join(root, 'dist'),
    out: join(root, 'jenkins'),
    check,
    tool: TOOL,
  });
  return differences.filter(({ path }) => path !== BUNDLE).map(({ path }) => `jenkins/${path}`);
}

const stale = [...(await generatePages()), ...(await generateExample())];
for (const path of stale) process.stdout.write(`${check ? 'out of date' : 'written'}: ${path}\n`);
if (check && stale.length > 0) {
  process.stdout.write('Run `npm run generate` and commit the result.\n');
  process.exitCode = 1;
}
