import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { type Ended, start } from '../crash/started-drill.ts';
import { exampleFolder, type ServedWorld, serveWorld } from '../stages/served-world.ts';
import { causes, causesIn, failing, healthy, missingImages, quota, secrets, useSecrets } from '../three-causes.ts';

const root = join(import.meta.dirname, '..', '..');
const services = [...healthy, ...failing];
const DONE = ['create-cluster', 'open-merge-request', 'configure-vault', 'install-istio'];

interface SavedRecord {
  readonly status: string;
  readonly attempt: number;
  readonly outputs: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly target: string } | null;
}

// All of it is done by the compiled program alone.
describe('a whole drill in which seven services fail for three causes', function () {
  this.timeout(600_000);
  let base: string;
  let served: ServedWorld;
  let folder: string;
  let estate: string;

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'eks-dr-failing-'));
    const world = shopWorld({ services: 'all' });
    useSecrets(world);
    world.kubernetes.missingImages = missingImages;
    served = await serveWorld({ folder: base, world, speed: { steps: 40, remote: 600 }, root });
    folder = served.place.run;
    await cp(exampleFolder(root), join(base, 'estate'), { recursive: true, dereference: true });
    estate = join(base, 'estate', 'eks-dr.yaml');
    // What fails is in the last of two waves: the first comes up before.
    const waves = `  waves: [{ services: [${healthy.slice(0, 3).join(', ')}] }]`;
    const text = (await readFile(estate, 'utf8'))
      .replace(/^ {2}limitMinutes: 20$/m, `  limitMinutes: 6\n${waves}`)
      // The clock of the steps runs faster than this process answers.
      .replace('answerSeconds: 15', 'answerSeconds: 120');
    expect(text).to.include(waves);
    await writeFile(estate, text);
  });
  after(async () => {
    await served.stop();
    await rm(base, { recursive: true, force: true });
  });

  const drill = (...more: readonly string[]) => {
    const environment = { ...served.place.environment, EKS_DR_ESTATE_FOLDER: join(base, 'estate') };
    return start({ environment }, ['run', '--run', folder, '--approve', 'all', ...more]);
  };
  const record = async (step: string) => JSON.parse(await readFile(join(folder, `${step}.record.json`), 'utf8')) as SavedRecord;

  const newCluster = async () => {
    const { id } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as { id: string };
    return { region: 'eu-central-1', cluster: `shop-${id}` };
  };
  /** The last sync of each healthy service of the run: what, when, how it ended. */
  const lastSyncs = async () => {
    const { cluster } = await newCluster();
    const { applications } = served.running.sandbox.world.argocd;
    return structuredClone(healthy.map((name) => applications[`${name}-${cluster}`]?.app.status.operationState));
  };

  /** Puts something on the new cluster as soon as it can be there, unless the program ends before: its words say why. */
  async function place(object: Parameters<typeof applyManifest>[2], ended: Promise<Ended>): Promise<void> {
    let over = false;
    void ended.then(() => {
      over = true;
    });
    for (;;) {
      try {
        return applyManifest(served.running.sandbox, await newCluster(), object, 'somebody');
      } catch {
        if (over) return;
        await delay(100);
      }
    }
  }

  it('ends with 28 and exactly these causes, after everything else went well', async () => {
    const { ended } = drill('--mode', 'drill', '--reason', 'test', '--estate', estate, '--services', services.join(','));
    await place(quota('0'), ended);
    const { status, stderr } = await ended;
    expect(status, stderr).to.equal(28);
    const { status: outcome, error } = await record('await-services');
    expect(outcome).to.equal('failed');
    expect(error?.code).to.equal('unhealthy');
    expect(causesIn(error?.message ?? '')).to.equal(causes);
    expect(error?.target.split(', ').toSorted()).to.deep.equal(failing.toSorted());
    expect(stderr).to.include('not healthy yet: a Secret is missing: identity-api (shop-db)').and.include('No such image in');
    expect((await record('merge-deploy')).outputs)
      .to.have.property('rootApplications')
      .with.length(2);
    expect((await Promise.all(DONE.map(record))).map((one) => one.status)).to.deep.equal(DONE.map(() => 'ok'));
  });

  it('ends well once it is run again without the causes, and syncs none of the services that were healthy before', async () => {
    const before = await lastSyncs();
    expect(before.map((one) => one?.phase)).to.deep.equal(healthy.map(() => 'Succeeded'));
    const { sandbox, requests } = served.running;
    sandbox.world.kubernetes.missingImages = [];
    for (const object of [...secrets, quota('20')]) applyManifest(sandbox, await newCluster(), object, 'somebody');
    requests.clear();
    const { status, stderr } = await drill().ended;
    expect(status, stderr).to.equal(0);
    const { outputs } = await record('await-services');
    expect(outputs).to.deep.include({ total: services.length, healthy: services.length });
    expect(await lastSyncs()).to.deep.equal(before);
    const asked = requests.counts().filter(({ system, mutates }) => system === 'argocd' && mutates);
    expect(asked).to.deep.equal([]);
  });
});
