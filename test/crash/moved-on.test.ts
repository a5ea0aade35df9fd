import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';
import { built } from '../built.ts';
import { atTerminal, type Told } from '../stages/at-terminal.ts';
import { exampleFolder, type ServedWorld, serveWorld } from '../stages/served-world.ts';
import { moveOn } from './move-on.ts';

const root = join(import.meta.dirname, '..', '..');

/** The steps that had made what others changed since. */
const SURPRISED = ['merge-deploy', 'deploy-karpenter', 'configure-vault', 'install-load-balancer-controller', 'prepare-namespaces'];

// One story: each part goes on in the world that the one before left.
describe('the clean-up of a drill of the small shop after which the world moved on', function () {
  this.timeout(300_000);
  this.bail(true);
  let served: ServedWorld;
  let folder: string;
  let start: unknown;

  before(async () => {
    await built('steps/report.js');
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-moved-on-'));
    served = await serveWorld({ folder, world: shopWorld({ services: 'small' }), speed: { steps: 60, remote: 400 }, root });
    start = await served.settled();
    const { status, screen } = await cli(['run', '--mode', 'drill', '--estate', join(exampleFolder(root), 'eks-dr.yaml')]);
    expect(status, screen).to.equal(0);
    const run = JSON.parse(await readFile(join(served.place.run, 'run.json'), 'utf8')) as { id: string };
    await moveOn(served.running, `shop-${run.id}`);
  });
  after(async () => {
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function cli(args: readonly string[], answers: readonly string[] = []): Promise<Told> {
    return atTerminal(served.place, [...args, '--run', served.place.run, '--approve', 'all'], answers);
  }

  it('is stopped by what changed since, where nobody is there to ask, though all may be approved', async () => {
    const { status, screen } = await cli(['undo']);
    expect(status, screen).to.not.equal(0);
    expect(screen).to.match(/Plan \d of merge-deploy wants an approval, and there is no terminal to ask on/);
  });

  it('shows all that changed since, asks for those steps alone, and leaves the world as it was', async () => {
    const { status, screen } = await cli(['undo'], ['y']);
    expect(status, screen).to.equal(0);
    const asked = [...screen.matchAll(/Approve (\S+)\? /g)].map(([, step = '']) => step);
    expect(asked.toSorted()).to.deep.equal(SURPRISED.toSorted());
    const shown = screen.split('\n').flatMap((line, index, lines) => {
      if (!/^ {6}(changed since we made it|added since, and not by us):$/.test(line)) return [];
      const at = lines.slice(0, index).findLastIndex((earlier) => /^ {2}[-~] /.test(earlier));
      return [(lines[at] ?? '').slice(4).replaceAll(/drill-\d{8}-\d{6}/g, 'RUN')];
    });
    expect(shown.toSorted()).to.deep.equal(
      [
        'file in Git recovery/shop-RUN/catalog/cart-api.yaml on eks-dr/RUN.undo',
        'file in Git recovery/shop-RUN/notes.md on eks-dr/RUN.undo',
        'policy attachment arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy on the role shop-RUN-karpenter-node',
        'inline policy by-hand of the role shop-RUN-karpenter-node',
        'IAM role shop-RUN-load-balancer-controller',
        'Vault role by-hand of auth/kubernetes-shop-RUN',
        'Vault role cart-api of auth/kubernetes-shop-RUN',
        'Kubernetes object Namespace cart on shop-RUN',
        'Kubernetes secret cart/newrelic-license on shop-RUN',
      ].toSorted(),
    );
    expect(screen).to.contain('Nothing of this run is left in');
    const left = await served.differencesOnceSettled(start, unexplained);
    expect(left.map(({ path }) => path)).to.deep.equal([]);
  });
});
