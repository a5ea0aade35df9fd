import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { runCli } from '../../../pipeline/cli/main.ts';
import type { Step } from '../../../steps/step.ts';
import { exampleFile } from '../estate/example.ts';
import { fakeStep } from '../runner/fake-steps.ts';

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const steps = ['take-inventory', 'preflight', 'switch-route53'].map((id) => fakeStep(id)) as unknown as readonly Step[];

async function cli(...args: string[]): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await runCli(args, {
    stdin: new PassThrough(),
    stdout,
    stderr,
    environment: {},
    stepsFolder: '/nowhere',
    steps,
    user: 'ann',
    version: '1.2.3',
  });
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
  return { status, out: text(stdout), err: text(stderr) };
}

describe('the command line', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-cli-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lists its commands and exit statuses with --help', async () => {
    const { status, out, err } = await cli('--help');
    expect(status).to.equal(0);
    for (const command of ['run', 'undo', 'promote', 'plan', 'preflight', 'inventory', 'addons', 'generate', 'schema', 'sandbox'])
      expect(out).to.contain(`eks-dr ${command}`);
    expect(out).to.contain('Exit status: 0 ok; 2 wrong usage; 20 invalid input');
    expect(err).to.equal('');
  });

  it('gives examples in the help of every command', async () => {
    for (const command of ['run', 'undo', 'promote', 'plan', 'preflight', 'inventory', 'addons', 'generate', 'schema', 'sandbox']) {
      const { status, out } = await cli(command, '--help');
      expect(status).to.equal(0);
      expect(out).to.contain('Examples:').and.contain(`eks-dr ${command} `);
    }
  });

  it('knows its version', async () => {
    expect((await cli('--version')).out).to.equal('1.2.3\n');
  });

  const mistakes: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
    ['no command', [], /^eks-dr: Name a command: run, undo, .*\.\n/],
    ['an unknown command', ['rum'], /There is no command "rum" \(did you mean "run"\?\)/],
    ['an unknown flag, with the one that was meant', ['run', '--mod', 'drill'], /There is no option --mod \(did you mean "--mode"\?\)/],
    ['a value that is none of the choices', ['run', '--mode', 'dril'], /--mode takes drill or recover, not "dril"\./],
    ['a flag without its value', ['run', '--estate'], /--estate wants a value/],
    ['a missing flag', ['undo'], /--run is missing/],
    ['too many words', ['run', 'now'], /"now" is one word too many/],
    ['no mode', ['run', '--estate', exampleFile, '--run', 'FOLDER'], /Say --mode drill or --mode recover/],
    [
      'a recovery without a reason',
      ['run', '--mode', 'recover', '--estate', exampleFile, '--run', 'FOLDER'],
      /--reason is empty; a recovery wants one/,
    ],
    [
      'blanket approval of a recovery',
      ['run', '--mode', 'recover', '--reason', 'x', '--approve', 'all', '--estate', exampleFile],
      /is for drills/,
    ],
    [
      'an unknown step',
      ['run', '--mode', 'drill', '--until', 'preflght', '--estate', exampleFile, '--run', 'FOLDER'],
      /did you mean "preflight"\?/,
    ],
    ['a waiver without a reason', ['run', '--mode', 'drill', '--waive', 'newsletter', '--estate', exampleFile], /SERVICE=REASON/],
    ['a folder without a run', ['undo', '--run', 'FOLDER'], /holds no run/],
    ['a promotion of nothing', ['promote', '--run', 'FOLDER'], /holds no run/],
    ['an undo of a scope that there is not', ['undo', '--run', 'FOLDER', '--scope', 'dns'], /--scope takes endpoints or all, not "dns"/],
    ['an end that no drill has', ['run', '--mode', 'drill', '--then', 'keep=0h', '--estate', exampleFile], /--then takes clean-up, keep/],
    [
      'an end of a drill for a recovery',
      ['run', '--mode', 'recover', '--reason', 'x', '--then', 'clean-up', '--estate', exampleFile],
      /--then is for drills/,
    ],
    ['an acceptance without a reason', ['undo', '--run', 'FOLDER', '--accept-unhealthy-primary', ' '], /wants a reason/],
    ['a scale that is no number', ['sandbox', '--scale', 'fast'], /from 1 to 1000, not "fast"/],
    ['a port of nothing', ['sandbox', '--ports', 'azure=1'], /NAME=NUMBER/],
  ];
  for (const [what, args, says] of mistakes) {
    it(`refuses ${what} with one message and exit status 2`, async () => {
      const { status, out, err } = await cli(...args.map((arg) => (arg === 'FOLDER' ? join(folder, 'run') : arg)));
      expect(err).to.match(says);
      expect(err).to.match(/\n {2}-> .*\n$/);
      expect(out).to.equal('');
      expect(status).to.equal(2);
      expect(await readdir(folder)).to.deep.equal([]);
    });
  }

  it('ends with 20 and every mistake when the estate is wrong', async () => {
    const { status, err } = await cli('run', '--mode', 'drill', '--estate', join(folder, 'none.yaml'));
    expect(status).to.equal(20);
    expect(err).to.contain('none.yaml').and.contain('--estate FILE');
  });

  it('refuses an environment in which TLS is not verified, before any step', async () => {
    const stderr = new PassThrough();
    const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const io = {
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr,
      environment,
      stepsFolder: '/nowhere',
      steps,
      user: 'ann',
      version: '1',
    };
    const status = await runCli(['run', '--mode', 'drill', '--estate', exampleFile, '--run', join(folder, 'run')], io);
    expect(status).to.equal(20);
    expect((stderr.read() as Buffer).toString()).to.contain('NODE_TLS_REJECT_UNAUTHORIZED');
  });

  it('prints the JSON Schema of the estate', async () => {
    const { status, out } = await cli('schema');
    expect(status).to.equal(0);
    expect(JSON.parse(out)).to.have.property('properties');
  });

  it('prints the JSON Schema of the archived inventory', async () => {
    const inventory = JSON.parse((await cli('schema', 'inventory')).out);
    expect(inventory.properties.parts.properties).to.include.all.keys('applications', 'clusterOnly', 'records');
    expect((await cli('schema', 'nothing')).status).to.equal(2);
  });

  it('makes the folder that --out names, and says what can not be written', async () => {
    const file = join(folder, 'new', 'estate.schema.json');
    expect(await cli('schema', '--out', file)).to.deep.equal({ status: 0, out: '', err: '' });
    const { status, err } = await cli('schema', '--out', join(file, 'below-a-file.json'));
    expect(status).to.equal(2);
    expect(err).to.contain('below-a-file.json').and.to.contain("can't be written");
  });
});
