import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { skipWithoutJava } from './skip.ts';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'node_modules', 'npm-groovy-lint', 'lib', 'index.js');

interface Found {
  readonly files: Readonly<
    Record<string, { readonly errors: readonly { readonly line?: number; readonly rule: string; readonly msg: string }[] }>
  >;
}

/** What npm-groovy-lint says of the Groovy in a folder, information included. Literals may repeat: generated stages do. */
async function lint(folder: string): Promise<{ readonly files: number; readonly findings: readonly string[] }> {
  const config = join(import.meta.dirname, 'groovylint.json');
  const files = '**/{*.groovy,Jenkinsfile}';
  const args = ['--noserver', '--config', config, '--path', folder, '--files', files, '--failon', 'none', '--output', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { maxBuffer: 1 << 24 });
  const found = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Found;
  const findings = Object.entries(found.files).flatMap(([path, { errors }]) =>
    errors.map(({ line, rule, msg }) => `${path.replace(`${folder}/`, '')}:${line ?? '?'} ${rule}: ${msg}`),
  );
  return { files: Object.keys(found.files).length, findings };
}

describe('npm-groovy-lint', function () {
  this.timeout(240_000);
  before(async function () {
    await skipWithoutJava(this);
  });

  it('finds nothing in the Groovy that is generated for the example estate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eks-dr-lint-'));
    for (const name of ['vars', 'jobs']) await cp(join(root, 'jenkins', name), join(folder, name), { recursive: true });
    // The linter takes a file for a pipeline by this name alone.
    for (const name of ['', '.undo', '.preflight'])
      await cp(join(root, 'jenkins', `Jenkinsfile${name}`), join(folder, `job${name}`, 'Jenkinsfile'));
    const { files, findings } = await lint(folder).finally(() => rm(folder, { recursive: true }));
    expect(findings).to.deep.equal([]);
    expect(files).to.equal(11);
  });

  it('does find what is wrong, with these rules', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eks-dr-lint-'));
    const text = await readFile(join(root, 'jenkins', 'vars', 'eksDrStart.groovy'), 'utf8');
    await writeFile(join(folder, 'worse.groovy'), text.replace('Map answer = ', 'def unused = 1;\n  Map answer = '));
    const { findings } = await lint(folder).finally(() => rm(folder, { recursive: true }));
    expect(findings.join('\n')).to.contain('UnusedVariable').and.contain('UnnecessarySemicolon');
  });
});
