import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';
import { built } from '../built.ts';
import { atTerminal, type Told } from '../stages/at-terminal.ts';
import { exampleFolder, type ServedWorld, serveWorld } from '../stages/served-world.ts';
import { editProduction } from './edit-production.ts';

const root = join(import.meta.dirname, '..', '..');

/** What people lead elsewhere, which is left to them. What they did to the workload of the fence, Argo CD heals as soon as it may. */
const edited = new RegExp(
  [
    '^apigateway > eu-west-1 > httpApis > storefront > integrations > ANY /\\{proxy\\+\\} > integrationUri$',
    '^cloudfront > distributions > E2SHOPCHECKOUT > config > Origins > checkout > DomainName$',
    '^route53 > zones > shop\\.example\\.com\\. > records > 5 > AliasTarget > (DNSName|EvaluateTargetHealth|HostedZoneId)$',
  ].join('|'),
);

// One story: each part goes on in the world that the one before left.
describe('the failback after a recovery of the small shop whose endpoints and platform people edited since', function () {
  this.timeout(300_000);
  this.bail(true);
  let served: ServedWorld;
  let folder: string;
  let start: unknown;

  before(async () => {
    await built('steps/report.js');
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-edited-'));
    served = await serveWorld({ folder, world: shopWorld({ services: 'small' }), speed: { steps: 60, remote: 400 }, root });
    start = await served.settled();
    const estate = join(exampleFolder(root), 'eks-dr.yaml');
    const { status, screen } = await cli(['run', '--mode', 'recover', '--reason', 'a rehearsal', '--estate', estate]);
    expect(status, screen).to.equal(0);
    const run = JSON.parse(await readFile(join(served.place.run, 'run.json'), 'utf8')) as { id: string };
    await editProduction(served.running, `shop-${run.id}`);
  });
  after(async () => {
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function cli(args: readonly string[]): Promise<Told> {
    return atTerminal(served.place, [...args, '--run', served.place.run], ['y']);
  }

  const leftAlone = (screen: string): string[] =>
    [...screen.matchAll(/left alone, because it was changed since: (\S+)/g)].map(([, kind = '']) => kind).toSorted();

  it('sends users back but for what people lead elsewhere, and lists that', async () => {
    const { status, screen } = await cli(['undo', '--scope', 'endpoints']);
    expect(status, screen).to.equal(0);
    expect(leftAlone(screen)).to.deep.equal(['apigatewayv2.integration', 'cloudfront.origin', 'route53.record']);
    expect(screen).to.contain('switch-route53: left as it is, because others changed it since: Route 53 record cart.shop.example.com A');
    expect(screen).to.contain('The endpoints lead where they led before, but for what was left as it is;');
  });

  it('takes back the rest, asks for what it had made and people changed, and finds what they left leading to it', async () => {
    const { status, screen } = await cli(['undo']);
    // A record that people keep on the recovered cluster leads nowhere from now on.
    expect(status, screen).to.equal(28);
    expect(screen).to.match(/left: Route 53: record A cart\.shop\.example\.com\. to .*\n.*\n1 things of this run are left\./);
    expect(leftAlone(screen)).to.deep.equal(['kubernetes.scale']);
    const since = [...screen.matchAll(/^ {2}- (.*)\n {6}changed since we made it:$/gm)].map(([, label = '']) => label);
    expect(since.map((label) => label.replace(/ (on|of the role) .*/, '')).map((label) => label.replace(/\d{14}/, 'RUN'))).to.have.members([
      'trust statement EksDrIrsashoprecoverRUN',
      'destination of an AppProject platform: *',
    ]);
    const left = await served.differencesOnceSettled(start, (found) => unexplained(found).filter(({ path }) => !edited.test(path)));
    expect(left).to.deep.equal([]);
  });
});
