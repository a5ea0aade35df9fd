import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { SandboxProcess } from '../../scripts/drill/sandbox-process.ts';
import { type Ended, place, type Started, start } from './started-drill.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'shop', 'eks-dr.yaml');

// One story: each part goes on with the run that the one before interrupted.
describe('a drill that is asked to end', function () {
  this.timeout(120_000);
  this.bail(true);
  let base: string;
  let folder: string;
  let sandbox: SandboxProcess;

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'eks-dr-signals-'));
    ({ folder, sandbox } = await place(base, 'signals', undefined, 100));
  });
  after(async () => {
    await sandbox.stop();
    await rm(base, { recursive: true, force: true });
  });

  const drill = (): Started => start(sandbox, ['run', '--mode', 'drill', '--estate', example, '--run', folder, '--approve', 'all']);

  async function says(started: Started, words: string): Promise<void> {
    let over = false;
    void started.ended.then(() => {
      over = true;
    });
    while (!started.text().includes(words)) {
      if (over) throw new Error(`it ended without a word of "${words}":\n${started.text()}`);
      await delay(10);
    }
  }

  async function endsInterrupted({ status, stderr }: Ended, step: string): Promise<void> {
    expect(status, stderr).to.equal(29);
    expect(stderr).to.include('Ending: each step finishes the change in hand.').and.include(`Continue with: eks-dr run --run ${folder}`);
    expect(stderr).to.match(new RegExp(`^  ${step} +stopped$`, 'm'));
    expect(stderr).to.not.match(/^\s+at .+:\d+:\d+/m);
    const record = JSON.parse(await readFile(join(folder, `${step}.record.json`), 'utf8')) as { status: string; error: object };
    expect(record.status).to.equal('interrupted');
    expect(record.error).to.include({ category: 'interrupted' });
    expect(existsSync(join(folder, 'runner.lock'))).to.equal(false);
  }

  it('ends with 29 on Ctrl-C, which a terminal sends to all its processes, and keeps a second runner out until then', async () => {
    const started = drill();
    await says(started, 'aws_vpc.this: Creating');
    const second = await drill().ended;
    expect(second.status).to.equal(24);
    expect(second.stderr).to.match(/^eks-dr: Another runner has .*\n {2}-> .*\n$/);
    process.kill(-(started.child.pid ?? 0), 'SIGINT');
    await endsInterrupted(await started.ended, 'create-cluster');
  });

  it('goes on at the same command, and ends with 29 on SIGTERM', async () => {
    const started = drill();
    await says(started, 'created Kubernetes object Namespace');
    started.child.kill('SIGTERM');
    await endsInterrupted(await started.ended, 'prepare-namespaces');
  });
});
