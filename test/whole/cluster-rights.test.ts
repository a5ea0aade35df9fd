import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { permissionsOf } from '../../steps/cluster-rights.ts';
import { type ServedWorld, serveWorld } from '../stages/served-world.ts';
import { startRun, walkOn } from '../stages/walk-run.ts';

const root = join(import.meta.dirname, '..', '..');

const verbs: Readonly<Record<string, string>> = { GET: 'get', POST: 'create', PATCH: 'patch', PUT: 'update', DELETE: 'delete' };

/** An operation of the Kubernetes API as a right: 'get apps/deployments'. Null for discovery, and for reviews, which everybody may ask for. */
function rightOf(operation: string): string | null {
  const [method = '', path = ''] = operation.split(' ');
  const found =
    /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+\/(?:namespaces\/\{namespace\}\/)?(?<resource>[a-z0-9]+)(?<name>\/\{name\}(?<sub>\/\w+)?)?$/.exec(
      path,
    );
  if (found?.groups === undefined) return null;
  const { group = '', resource = '', name, sub = '' } = found.groups;
  if (resource.endsWith('reviews')) return null;
  const verb = method === 'GET' && name === undefined ? 'list' : verbs[method];
  return `${verb} ${group}/${resource}${sub}`;
}

describe('the rights on the new cluster that the steps name', function () {
  this.timeout(300_000);
  let folder: string;
  let served: ServedWorld;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-rights-'));
    served = await serveWorld({ folder, world: shopWorld({ services: 'small' }), speed: { steps: 40, remote: 200 }, root });
  });
  after(async () => {
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('cover every request that a whole drill makes to it, step by step', async () => {
    const { steps: all } = await startRun(served.place, root, 'drill');
    const unnamed: string[] = [];
    let asked = 0;
    await walkOn(served.place, all, {
      beforePlan: async () => served.running.requests.clear(),
      afterApply: async (step) => {
        const named = new Set(permissionsOf([step]).map(({ verb, group, resource }) => `${verb} ${group}/${resource}`));
        const calls = served.running.requests.counts().filter(({ system }) => system === 'kubernetes');
        const rights = new Set(calls.flatMap(({ operation }) => rightOf(operation) ?? []));
        asked += rights.size;
        // These look at the primary.
        if (['take-inventory', 'preflight'].includes(step.id)) return;
        unnamed.push(...[...rights].filter((right) => !named.has(right)).map((right) => `${step.id}: ${right}`));
      },
    });
    expect(asked).to.be.greaterThan(20);
    expect(unnamed).to.deep.equal([]);
  });
});
