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
import { exampleFile } from '../estate/example.ts';

describe('eks-dr inventory', () => {
  let running: RunningSandbox;
  let folder: string;

  before(async () => {
    running = await startFullSandbox({ world: shopWorld({ services: 'small' }), scale: 100 });
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-inventory-'));
  });
  after(async () => {
    await running.stop();
    await rm(folder, { recursive: true });
  });

  it('writes what inventory.lastGood of the estate may name', async () => {
    const out = join(folder, 'last-good.json');
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const status = await runCli(['inventory', '--estate', exampleFile, '--out', out], {
      stdin: new PassThrough(),
      stdout,
      stderr,
      environment: { PATH: process.env.PATH, EKS_DR_CLOCK_SCALE: '100', EKS_DR_DIGEST_KEY: 'a key for tests', ...running.environment },
      stepsFolder: dirname(await built('steps/take-inventory.js')),
      steps,
      user: 'ann',
      version: '1.2.3',
    });
    expect(status, (stderr.read() as Buffer | null)?.toString()).to.equal(0);
    const parts = parseLastGood(JSON.parse(await readFile(out, 'utf8')), out, { region: 'eu-west-1', cluster: 'shop-prod' });
    expect(parts.applications?.value.applications).not.to.have.length(0);
    expect(parts.templates?.value.commit).to.match(/^[0-9a-f]{40}$/);
  });
});
