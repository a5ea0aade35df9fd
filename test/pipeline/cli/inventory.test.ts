import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { runCli } from '../../../pipeline/cli/main.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { startFullSandbox } from '../../../sandbox/start.ts';
import { shopWorld } from '../../../sandbox/worlds/shop.ts';
import { steps } from '../../../steps/index.ts';
import { parseLastGood } from '../../../steps/inventory/last-good.ts';
import { built } from '../../built.ts';
import { kubernetesSecretsIn, secretsIn } from '../../canaries.ts';
import { exampleFile } from '../estate/example.ts';

describe('eks-dr inventory', () => {
  let running: RunningSandbox;
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    running = await startFullSandbox({ world: shopWorld({ services: 'small' }), scale: 100 });
    // What is written to S3 is written by this process, and the SDK reads its environment.
    environment = { ...process.env };
    Object.assign(process.env, running.environment);
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-inventory-'));
  });
  after(async () => {
    process.env = environment;
    await running.stop();
    await rm(folder, { recursive: true });
  });

  const take = async (...args: readonly string[]) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const status = await runCli(['inventory', '--estate', exampleFile, ...args], {
      stdin: new PassThrough(),
      stdout,
      stderr,
      environment: { PATH: process.env.PATH, EKS_DR_CLOCK_SCALE: '100', EKS_DR_DIGEST_KEY: 'a key for tests', ...running.environment },
      stepsFolder: dirname(await built('steps/take-inventory.js')),
      steps,
      user: 'ann',
      version: '1.2.3',
    });
    const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
    return { status, out: text(stdout), err: text(stderr) };
  };
  const primary = { region: 'eu-west-1', cluster: 'shop-prod' };

  it('writes what inventory.lastGood of the estate may name', async () => {
    const out = join(folder, 'last-good.json');
    const { status, err } = await take('--out', out);
    expect(status, err).to.equal(0);
    const parts = parseLastGood(JSON.parse(await readFile(out, 'utf8')), out, primary);
    expect(parts.applications?.value.applications).not.to.have.length(0);
    expect(parts.templates?.value.commit).to.match(/^[0-9a-f]{40}$/);
  });

  it('writes it to a bucket in any region, and prints a page for people beside it', async () => {
    const { buckets } = running.sandbox.world.s3;
    buckets['shop-inventory'] = { region: 'eu-west-3', objects: {} };
    const { status, out, err } = await take('--summary', '--out', 's3://shop-inventory/shop-prod.json');
    expect(status, err).to.equal(0);
    const { body = '', contentType } = buckets['shop-inventory']?.objects['shop-prod.json'] ?? {};
    expect(contentType).to.equal('application/json');
    const text = Buffer.from(body, 'base64').toString();
    expect(parseLastGood(JSON.parse(text), 's3', primary).clusterOnly?.value?.objects).not.to.have.length(0);
    expect(out).to.match(/^Inventory of shop-prod in eu-west-1, of /);
    expect(out).to.contain('Secret cart/partner-sftp (kubectl-create)');
    const secrets = kubernetesSecretsIn(running.sandbox.world);
    expect(secrets).not.to.have.length(0);
    expect(secretsIn(text + out + err, secrets)).to.deep.equal([]);
  });

  it('refuses a place that is neither a file nor an object, before it asks anybody', async () => {
    const { status, err } = await take('--out', 'https://example.com/last-good.json');
    expect(status).to.equal(2);
    expect(err).to.contain('neither the path of a file nor s3://bucket/key').and.not.contain('take-inventory');
  });
});
