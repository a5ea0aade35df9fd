import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { startFullSandbox } from '../../sandbox/start.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';

const root = join(import.meta.dirname, '..', '..');
const example = join(root, 'examples', 'shop', 'eks-dr.yaml');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('bad input, given to the compiled program', () => {
  let base: string;
  let folder: string;
  let sandbox: RunningSandbox;
  let environment: Record<string, string>;

  /** A good run folder, with the inventory taken and checked. */
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'eks-dr-bad-'));
    sandbox = await startFullSandbox({ world: shopWorld({ services: 'small' }), scale: 40 });
    environment = {
      ...sandbox.environment,
      PATH: `${join(root, 'dist', 'sandbox', 'bin')}:${process.env.PATH ?? ''}`,
      HOME: base,
      EKS_DR_ESTATE_FOLDER: join(root, 'examples', 'shop'),
      EKS_DR_CLOCK_SCALE: '40',
      EKS_DR_DIGEST_KEY: 'a key',
      NEW_RELIC_LICENSE_KEY: 'a licence',
    };
    const made = await eksDr(['run', '--mode', 'drill', '--estate', example, '--run', join(base, 'good'), '--until', 'preflight']);
    expect(made.status, made.stderr).to.equal(0);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(base, 'run-'));
    await cp(join(base, 'good'), folder, { recursive: true });
  });
  after(async () => {
    await sandbox.stop();
    await rm(base, { recursive: true });
  });

  async function start(program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}, stdin = ''): Promise<Ended> {
    const child = spawn(process.execPath, [join(root, 'dist', program), ...args], { cwd: base, env: { ...environment, ...more } });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk: Buffer) => (said[name] += chunk.toString()));
    child.stdin.on('error', () => undefined).end(stdin);
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, ...said };
  }
  const eksDr = (args: readonly string[], more?: Readonly<Record<string, string>>) => start('eks-dr.js', args, more);
  const step = (id: string, args: readonly string[], more?: Readonly<Record<string, string>>) => start(`steps/${id}.js`, args, more);

  async function contents(): Promise<Record<string, string>> {
    const names = (await readdir(folder)).toSorted();
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)));
  }

  /** Ends with this status and these words, says nothing twice, shows no stack trace, and leaves the folder as it was. */
  async function refused(work: Promise<Ended>, status: number, ...words: readonly string[]): Promise<void> {
    const before = await contents();
    const ended = await work;
    expect(ended.status, ended.stderr).to.equal(status);
    for (const word of words) expect(ended.stderr).to.include(word);
    expect(ended.stderr).to.not.match(/^\s+at .+:\d+:\d+/m);
    expect(ended.stdout).to.equal('');
    const lines = ended.stderr.split('\n').filter((line) => line.length > 40);
    expect(new Set(lines).size, ended.stderr).to.equal(lines.length);
    expect(await contents()).to.deep.equal(before);
  }

  async function edit(name: string, change: (document: Record<string, unknown>) => void): Promise<void> {
    const document = JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown>;
    change(document);
    await writeFile(join(folder, name), JSON.stringify(document));
  }

  it('names an unknown flag, of the program and of a step', async () => {
    await refused(eksDr(['run', '--mode', 'drill', '--aprove', 'all']), 2, 'aprove');
    await refused(step('create-cluster', ['plan', '--in', folder, '--froce']), 2, '--froce');
  });

  it('names an unknown command and an unknown step', async () => {
    await refused(eksDr(['rum']), 2, 'rum');
    await refused(eksDr(['run', '--mode', 'drill', '--estate', example, '--until', 'switch-rout53']), 2, 'switch-route53');
  });

  it('names the file that is not JSON', async () => {
    for (const name of ['run.json', 'preflight.record.json']) {
      const whole = await readFile(join(folder, name), 'utf8');
      await writeFile(join(folder, name), whole.slice(0, whole.length / 2));
      await refused(step('create-cluster', ['plan', '--in', folder]), 20, name, 'not JSON');
      await writeFile(join(folder, name), whole);
    }
  });

  it('refuses the record of another run', async () => {
    await edit('preflight.record.json', (record) => {
      record.run = 'drill-of-yesterday';
    });
    await refused(step('create-cluster', ['plan', '--in', folder]), 21, 'preflight', 'drill-of-yesterday');
  });

  it('refuses a record that was edited', async () => {
    await edit('preflight.record.json', (record) => {
      record.outputs = { findings: [] };
    });
    await refused(step('create-cluster', ['plan', '--in', folder]), 21, 'preflight', 'changed after it was written');
  });

  it('refuses a record that is stale, and says which part of the estate has changed', async () => {
    await edit('estate.json', (estate) => {
      estate.services = { ...(estate.services as object), settleSeconds: 31 };
    });
    await refused(step('create-cluster', ['plan', '--in', folder]), 21, 'stale', 'services');
  });

  it('refuses a step whose predecessor has not run, and a plan that nobody approved', async () => {
    await refused(step('connect-cluster', ['plan', '--in', folder]), 21, 'create-cluster');
    const planned = await step('create-cluster', ['plan', '--in', folder]);
    expect(planned.status, planned.stderr).to.equal(0);
    await refused(step('create-cluster', ['apply', '--in', folder]), 21, 'approved');
  });

  it('names all five mistakes of an estate with line and column', async () => {
    const text = await readFile(example, 'utf8');
    const broken = text
      .replace('name: shop\n', 'name: Shop!\n')
      .replace('defaultTarget: frankfurt', 'defaultTarget: frankfort')
      .replace('settleSeconds: 30', 'settleSecond: 30')
      .replace('licenseKey: env:NEW_RELIC_LICENSE_KEY', 'licenseKey: the-licence-itself')
      .replace('maxAgeHours: 48', 'maxAgeHours: two days');
    const file = join(base, 'broken.yaml');
    await writeFile(file, broken);
    const run = eksDr(['run', '--mode', 'drill', '--estate', file]);
    await refused(run, 20, ' name: ', 'frankfort', 'settleSecond', 'licenseKey', 'maxAgeHours');
    expect((await run).stderr.match(/broken\.yaml:\d+:\d+ /g)).to.have.length.of.at.least(5);
  });

  it('names an estate and a run folder that do not exist', async () => {
    await refused(eksDr(['run', '--mode', 'drill', '--estate', join(base, 'none.yaml')]), 20, 'none.yaml');
    await refused(step('create-cluster', ['plan', '--in', join(base, 'nowhere')]), 20, 'nowhere');
  });

  it('says how to get Terraform where it is missing', async () => {
    const ended = await step('create-cluster', ['plan', '--in', folder], { EKS_DR_TERRAFORM: join(base, 'no-terraform') });
    expect(ended.status, ended.stderr).to.equal(20);
    expect(ended.stderr).to.include('no-terraform').and.include('->');
  });

  it('calls a system that is away unavailable', async () => {
    const ended = await eksDr(['preflight', '--estate', example], { ARGOCD_SERVER: 'http://127.0.0.1:9' });
    expect(ended.status, ended.stderr).to.be.oneOf([25, 28]);
    expect(ended.stderr).to.include('Argo CD').and.include('127.0.0.1:9');
  });

  it('refuses an environment in which TLS is not verified, and a fast clock for real systems', async () => {
    await refused(
      step('create-cluster', ['plan', '--in', folder], { NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
      20,
      'NODE_TLS_REJECT_UNAUTHORIZED',
    );
    await refused(step('create-cluster', ['plan', '--in', folder], { GITLAB_HOST: 'https://gitlab.example.com' }), 20, 'GITLAB_HOST');
  });

  it('does not approve everything in a recovery', async () => {
    const args = ['run', '--mode', 'recover', '--reason', 'lost', '--estate', example, '--approve', 'all'];
    await refused(eksDr(args), 2, '--approve');
  });

  it('refuses to continue a run with arguments that contradict it', async () => {
    await refused(eksDr(['run', '--run', folder, '--mode', 'recover', '--reason', 'lost']), 2, 'mode');
  });

  it('takes one document on standard input and answers one on standard output', async () => {
    const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
    const records = { 'take-inventory': await read('take-inventory.record.json') };
    const document = { run: await read('run.json'), estate: await read('estate.json'), records };
    const ended = await start(
      'steps/preflight.js',
      ['apply', '--in', '-'],
      { EKS_DR_ESTATE_FOLDER: join(root, 'examples', 'shop') },
      JSON.stringify(document),
    );
    expect(ended.status, ended.stderr).to.equal(0);
    expect(JSON.parse(ended.stdout)).to.include({ step: 'preflight', status: 'ok' });
    const broken = await start('steps/preflight.js', ['apply', '--in', '-'], {}, '{"run": ');
    expect(broken.status).to.equal(20);
    expect(broken.stderr).to.include('standard input');
  });
});
