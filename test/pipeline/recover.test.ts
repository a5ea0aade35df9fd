import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { parse, parseDocument } from 'yaml';
import { runCli } from '../../pipeline/cli/main.ts';
import { dumpWorld } from '../../sandbox/dump.ts';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { startFullSandbox } from '../../sandbox/start.ts';
import { allSystems } from '../../sandbox/systems.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { type WorldDifference, worldDifferences } from '../../scripts/drill/differences.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';
import { steps } from '../../steps/index.ts';
import { isReadOnly, takesPart } from '../../steps/kit/step.ts';
import { built } from '../built.ts';

const root = join(import.meta.dirname, '..', '..');
const SCALE = 80;

/** What of production may change in a recovery; everything else that differs must be new. */
const switched =
  /^route53 > (zones > shop\.example\.com\. > records > \d+ > (ResourceRecords > |AliasTarget > (DNSName|HostedZoneId)$)|healthChecks > main of shop\.example\.com > FullyQualifiedDomainName$)/;
/** What Argo CD says of the primary once it can't be reached: nobody changed it. */
const lost = /^argocd > (applications > [\w-]+ > (health|sync|conditions > ComparisonError)|clusters > shop-prod > connection)$/;

// One story: each part goes on in the world that the one before left.
describe('a recovery of the small shop whose region does not answer, with the compiled program against the sandbox', function () {
  this.timeout(240_000);
  this.bail(true);
  let sandbox: RunningSandbox;
  let folder: string;
  let start: unknown;
  let prepared: unknown;

  before(async () => {
    sandbox = await startFullSandbox({ world: shopWorld({ services: 'small' }), scale: SCALE });
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-recover-'));
    await cp(join(root, 'examples', 'shop'), join(folder, 'shop'), { recursive: true });
  });
  after(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const dump = (): unknown => dumpWorld(sandbox.sandbox.world, allSystems);

  /** Runs a command at a terminal at which these answers are given, the last one again and again. */
  async function atTerminal(
    args: readonly string[],
    answers: readonly string[] = [],
  ): Promise<{ status: number; screen: string; out: string }> {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const stderr = new PassThrough();
    const stdout = new PassThrough();
    let [screen, out] = ['', ''];
    let asked = 0;
    stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    stderr.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      screen += text;
      if (!/\[d\]etails: $/.test(text)) return;
      const answer = answers[Math.min(asked, answers.length - 1)] ?? 'n';
      asked += 1;
      stdin.write(`${answer}\n`);
    });
    const stepsFolder = dirname(await built('steps/report.js'));
    const status = await runCli(args, {
      stdin,
      stdout,
      stderr,
      environment: {
        ...sandbox.environment,
        PATH: [join(root, 'dist', 'sandbox', 'bin'), process.env.PATH].join(delimiter),
        HOME: folder,
        EKS_DR_CLOCK_SCALE: String(SCALE),
        EKS_DR_DIGEST_KEY: 'a key for tests',
        NEW_RELIC_LICENSE_KEY: 'a licence for tests',
      },
      stepsFolder,
      steps,
      user: 'ann',
      version: '1.2.3',
    });
    return { status, screen, out };
  }

  const estate = (): string => join(folder, 'shop', 'eks-dr.yaml');
  const run = (): string => join(folder, 'run');
  const textOf = (differences: readonly WorldDifference[]): string[] => differences.map(({ path }) => path);

  it('archives an inventory while the primary answers', async () => {
    const { status, screen } = await atTerminal([
      'inventory',
      '--estate',
      estate(),
      '--out',
      join(folder, 'shop', 'inventory', 'last-good.json'),
    ]);
    expect(status, screen).to.equal(0);
    start = dump();
  });

  it('prepares the IAM roles, once, and tells what to put into the estate', async () => {
    const prepare = (name: string) => atTerminal(['prepare', '--estate', estate(), '--run', join(folder, name)], ['y']);
    const { status, screen, out } = await prepare('prepared');
    expect(status, screen).to.equal(0);
    const document = parseDocument(await readFile(estate(), 'utf8'));
    const put = (path: readonly string[], value: unknown): void => {
      if (typeof value !== 'object' || value === null) document.setIn(path, value);
      else for (const [name, inner] of Object.entries(value)) put([...path, name], inner);
    };
    put([], parse(out));
    await writeFile(estate(), document.toString());
    prepared = dump();
    const again = await prepare('again');
    expect(again.status, again.screen).to.equal(0);
    expect(again.out).to.equal('# The estate names all of it already.\n');
    expect(again.screen).to.not.contain('Approve');
    expect(textOf(worldDifferences(prepared, dump()))).to.deep.equal([]);
  });

  it('recovers from the archive, asks for every change, switches the records of production alone, and writes no IAM role but by Terraform', async () => {
    sandbox.faults.add({ system: '*', operation: '*', region: 'eu-west-1', times: 'always', effect: 'cut-before' });
    const { status, screen } = await atTerminal(
      ['run', '--mode', 'recover', '--reason', 'eu-west-1 is down', '--estate', estate(), '--run', run()],
      ['d', 'what?', 'y'],
    );
    expect(status, screen).to.equal(0);
    expect(screen)
      .to.contain('namespaces from the archived inventory of')
      .and.to.contain('skipReconcile: ')
      .and.to.contain('The primary was not fenced: ');
    const asking = steps.filter((step) => takesPart(step, 'recover') && !isReadOnly(step));
    // Each step that changes something asks, the first one three times: details and nonsense are no answer.
    expect(screen.match(/Approve \S+\? /g)?.length).to.equal(asking.length + 2);
    const report = JSON.parse(await readFile(join(run(), 'report.json'), 'utf8')) as { services: object; fence: object };
    expect(report.services).to.deep.include({ total: 6, healthy: 6 });
    expect(report.fence).to.include({ primary: 'unreachable', podsLeft: 0 });

    const differences = worldDifferences(prepared, dump());
    const changed = differences.filter((difference) => difference.before !== undefined || switched.test(difference.path));
    expect(textOf(changed.filter(({ path }) => !switched.test(path) && !lost.test(path)))).to.deep.equal([]);
    const records = new Set(changed.flatMap(({ path }) => /^route53 .* records > (\d+)/.exec(path)?.[1] ?? []));
    expect(records.size).to.equal(6);
    const written = differences.flatMap(({ path }) => /^iam > (.*)/.exec(path)?.[1]?.replace(/recover-\d{8}-\d{6}/, 'RUN') ?? []);
    expect(written).to.deep.equal(['roles > shop-RUN-cluster', 'roles > shop-RUN-node']);
  });

  it('fails back while the region is still away, and leaves the world as it was', async () => {
    const { status, screen } = await atTerminal(['undo', '--run', run()], ['y']);
    expect(status, screen).to.equal(0);
    sandbox.faults.clear();
    // Argo CD finds the primary again by itself.
    for (let tries = 0; tries < 100 && textOf(worldDifferences(prepared, dump())).some((path) => lost.test(path)); tries += 1)
      await delay(100);
    expect(textOf(unexplained(worldDifferences(prepared, dump())))).to.deep.equal([]);
  });

  it('takes the preparation back as well', async () => {
    const { status, screen } = await atTerminal(['undo', '--run', join(folder, 'prepared')], ['y']);
    expect(status, screen).to.equal(0);
    expect(textOf(unexplained(worldDifferences(start, dump())))).to.deep.equal([]);
  });
});
