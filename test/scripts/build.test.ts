import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { loadedFiles } from '../../scripts/bench/loaded-files.ts';
import { buildProgram } from '../../scripts/build/build-program.ts';
import { steps } from '../../steps/index.ts';

const root = join(import.meta.dirname, '..', '..');
const dist = (name: string): string => join(root, 'dist', name);
const run = promisify(execFile);

describe('the built program', () => {
  before(() => buildProgram(root, { force: false }));

  it('is not built again while nothing has changed', async () => {
    expect((await buildProgram(root, { force: false })).fresh).to.equal(true);
  });

  it('has a program for each step, which runs with Node alone', async () => {
    for (const { id } of steps) {
      const { stderr, code } = await run(process.execPath, [dist(`steps/${id}.js`)], { env: {} }).then(
        () => ({ stderr: '', code: 0 }),
        (failure: { stderr: string; code: number }) => failure,
      );
      expect(code, id).to.equal(2);
      expect(stderr).to.contain(`Usage: ${id} <plan|apply>`);
    }
  });

  it('loads no client, no YAML parser and no other language of zod than English before a step has read its input', async () => {
    const later = /\bfunction (?:connectKubernetes|connectArgoCd|connectGitLab|connectTerraform|parseAllDocuments)\b|\p{Script=Hebrew}/u;
    for (const { id } of steps) {
      const { files } = await loadedFiles(dist(`steps/${id}.js`));
      expect(files.length, id).to.be.above(1);
      for (const path of files) expect(later.exec(await readFile(path, 'utf8'))?.[0], `${id}: ${path}`).to.equal(undefined);
    }
    const all = await Promise.all((await readdir(dist('steps'))).map((name) => readFile(dist(`steps/${name}`), 'utf8')));
    expect(all.join('').match(new RegExp(later, 'gu'))).to.have.length(5);
  });

  it('runs the command line', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    expect((await run(process.execPath, [dist('eks-dr.js'), '--version'])).stdout.trim()).to.equal(version);
  });

  it('names no path of the machine that built it', async () => {
    for (const name of ['eks-dr.js', ...steps.map(({ id }) => `steps/${id}.js`)])
      expect(await readFile(dist(name), 'utf8')).not.to.contain(root);
  });

  it('carries no script of package.json, so that another one makes no other bundle', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const files = (await readdir(dist('.'), { recursive: true })).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(files.map((name) => readFile(dist(name), 'utf8')));
    for (const script of Object.values(scripts)) expect(texts.some((text) => text.includes(script))).to.equal(false);
  });

  it('carries the licences of what is bundled', async () => {
    const notices = await readFile(dist('THIRD-PARTY-NOTICES'), 'utf8');
    for (const name of ['@aws-sdk/client-eks', '@kubernetes/client-node', 'zod', 'yargs']) expect(notices).to.contain(`\n${name} `);
    expect(notices).to.contain('Apache License').and.contain('MIT License');
  });

  it('has the templates that steps fill in, and a Terraform stand-in by the name of the real one', () => {
    expect(existsSync(dist('templates/merge-request.md.hbs'))).to.equal(true);
    expect(existsSync(dist('sandbox/bin/terraform'))).to.equal(true);
  });
});
