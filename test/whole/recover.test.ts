import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { parse, parseDocument } from 'yaml';
import { dumpWorld } from '../../sandbox/dump.ts';
import type { RecordSet } from '../../sandbox/route53/state.ts';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { startFullSandbox } from '../../sandbox/start.ts';
import { allSystems } from '../../sandbox/systems.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { type WorldDifference, worldDifferences } from '../../scripts/drill/differences.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';
import { steps } from '../../steps/index.ts';
import { isReadOnly, takesPart } from '../../steps/kit/step.ts';
import { inSandbox, atTerminal as runAtTerminal, type Told } from '../stages/at-terminal.ts';

const root = join(import.meta.dirname, '..', '..');
const SCALE = 80;

/** What of production may change in a recovery; everything else that differs must be new. */
const switched = new RegExp(
  [
    '^route53 > zones > shop\\.example\\.com\\. > records > \\d+ > (ResourceRecords > |AliasTarget > (DNSName|HostedZoneId)$)',
    '^route53 > healthChecks > main of shop\\.example\\.com > FullyQualifiedDomainName$',
    '^apigateway > eu-central-1 > restApis > standby-(shop|catalog) > (integrations > .*|stages > \\w+ > (live > .*|variables > backend))$',
    '^cloudfront > distributions > E\\dSHOP\\w+ > config > Origins > \\w+ > (DomainName|VpcOriginConfig > VpcOriginId)$',
  ].join('|'),
);
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
  let recordsBefore: Record<string, RecordSet>;

  before(async () => {
    sandbox = await startFullSandbox({ world: shopWorld({ services: 'small' }), scale: SCALE });
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-recover-'));
    await cp(join(root, 'examples', 'shop'), join(folder, 'shop'), { recursive: true });
  });
  after(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const productionRecords = (): Record<string, RecordSet> => sandbox.sandbox.world.route53.zones.Z0SHOPPRODUCTION?.records ?? {};
  const dump = (): unknown => dumpWorld(sandbox.sandbox.world, allSystems);
  async function atTerminal(args: readonly string[], answers: readonly string[] = ['n']): Promise<Told> {
    return runAtTerminal(await inSandbox(sandbox, { home: folder, scale: SCALE }), args, answers);
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
    recordsBefore = structuredClone(productionRecords());
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

  it('recovers from the archive, asks for every change, switches the endpoints of production alone, and writes no IAM role but by Terraform', async () => {
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
    // The APIs that lie in the region that is lost can't be switched: the custom domain name goes to those of the new region.
    expect(screen)
      .to.contain('so shop00rest, catalog0re')
      .and.contain('stay as they are. Users leave that region by the records of api.shop.example.com');
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
    expect(records.size).to.equal(7);
    const written = differences.flatMap(({ path }) => /^iam > (.*)/.exec(path)?.[1]?.replace(/recover-\d{8}-\d{6}/, 'RUN') ?? []);
    // The instance profile is Karpenter's own doing.
    expect(written).to.deep.equal(['instanceProfiles', 'roles > shop-RUN-cluster', 'roles > shop-RUN-node']);
  });

  it('makes the recovered cluster the primary of a new estate, by which its services are found, and closes that run', async () => {
    const kept = join(folder, 'kept');
    await cp(run(), kept, { recursive: true });
    const next = join(folder, 'shop', 'next.yaml');
    const promote = () => atTerminal(['promote', '--run', kept, '--out', next]);
    const { status, screen, out } = await promote();
    expect(status, screen).to.equal(0);
    expect(out)
      .to.contain('targets.frankfurt lies in eu-central-1')
      .and.contain('Route 53 record, changed: ')
      .and.contain('eks-dr prepare');
    const text = await readFile(next, 'utf8');
    expect(parse(text))
      .to.have.nested.property('inventory.lastGood')
      .that.matches(/^inventory\/last-good\.shop-recover-[\d-]+\.json$/);
    const taken = await atTerminal(['inventory', '--estate', next, '--summary']);
    expect(taken.status, taken.screen).to.equal(0);
    expect(taken.out, taken.out).to.contain('Services (6)').and.not.contain('Without a template');
    const again = await promote();
    expect([again.status, again.out, await readFile(next, 'utf8')]).to.deep.equal([0, out, text]);
    for (const command of ['undo', 'run']) {
      const refused = await atTerminal([command, '--run', kept]);
      expect(refused.status, refused.screen).to.equal(24);
      expect(refused.screen).to.contain('is closed: ann made its cluster the primary');
    }
  });

  /** What of production's records is not as it was before the recovery. */
  const leading = (): string[] => textOf(worldDifferences(prepared, dump())).filter((path) => switched.test(path));

  it('sends nobody back to a region that does not answer', async () => {
    const { status, screen } = await atTerminal(['undo', '--run', run(), '--scope', 'endpoints'], ['y']);
    expect(status, screen).to.equal(28);
    expect(screen).to.contain('eu-west-1 does not answer').and.contain('--accept-unhealthy-primary');
    expect(screen).to.contain(`Continue with: eks-dr undo --run ${run()} --scope endpoints`);
    expect(leading()).to.not.deep.equal([]);
  });

  it('sends users back alone once the region answers, and switches them again by running on', async () => {
    sandbox.faults.clear();
    // One record is no longer as the run left it: whoever edited it takes it back.
    const records = productionRecords();
    const [key = '', edited] = Object.entries(records).find(([, { AliasTarget }]) => AliasTarget?.DNSName.includes('eu-central-1')) ?? [];
    if (edited?.AliasTarget === undefined) throw new Error('no alias was switched');
    records[key] = { ...edited, AliasTarget: { ...edited.AliasTarget, EvaluateTargetHealth: false } };
    const back = await atTerminal(['undo', '--run', run(), '--scope', 'endpoints'], ['y']);
    expect(back.status, back.screen).to.equal(0);
    expect(back.screen.match(/Approve \S+\? /g)).to.have.members([
      'Approve switch-api-gateway? ',
      'Approve switch-cloudfront? ',
      'Approve switch-route53? ',
    ]);
    expect(back.screen).to.contain(
      `left alone, because it was changed since: route53.record Z0SHOPPRODUCTION ${edited.Name.replace(/\.$/, '')}`,
    );
    const left = new Set(leading().flatMap((path) => /records > (\d+)/.exec(path)?.[1] ?? []));
    expect(left.size).to.equal(1);
    productionRecords()[key] = recordsBefore[key] as RecordSet;
    expect(leading()).to.deep.equal([]);
    const again = await atTerminal(['run', '--run', run()], ['y']);
    expect(again.status, again.screen).to.equal(0);
    // What could not be reached before is done now: the primary is fenced, and its APIs lead to the new cluster.
    expect(again.screen.match(/Approve \S+\? /g)).to.have.members(
      ['fence-primary', 'switch-api-gateway', 'switch-cloudfront', 'switch-route53'].map((step) => `Approve ${step}? `),
    );
    expect(leading()).to.not.deep.equal([]);
  });

  it('gives the recovery up while nobody knows the health of the primary where a person accepts that, and leaves the world as it was', async () => {
    sandbox.faults.add({ system: 'elb', operation: '*', region: 'eu-west-1', times: 'always', effect: 'cut-before' });
    const { status, screen } = await atTerminal(['undo', '--run', run(), '--accept-unhealthy-primary', 'it comes back by itself'], ['y']);
    expect(status, screen).to.equal(0);
    expect(screen).to.contain('ann accepts it: it comes back by itself');
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
