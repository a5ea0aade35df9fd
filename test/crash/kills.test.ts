import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { differenceText, worldDifferences } from '../../scripts/drill/differences.ts';
import { unexplained } from '../../scripts/drill/exceptions.ts';
import type { SandboxProcess } from '../../scripts/drill/sandbox-process.ts';
import { isBusy, kill, place, randomFrom, start, untilDone, type Victim } from './started-drill.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'shop', 'eks-dr.yaml');
const victims: readonly Victim[] = ['runner', 'steps', 'all'];
const SCALE = 60;
/** No kill comes later than this after a start: a whole run takes about twenty seconds. */
const LATEST_KILL_MS = 9_000;

describe('a drill whose processes are killed at random moments', function () {
  this.timeout(300_000);
  const seed = Number(process.env.EKS_DR_TEST_SEED ?? Date.now() % 1_000_000);
  let base: string;
  let folder: string;
  let sandbox: SandboxProcess;
  let atFirst: unknown;

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'eks-dr-kills-'));
    ({ folder, sandbox } = await place(base, 'kills', undefined, SCALE));
    atFirst = await sandbox.dump();
  });
  after(async () => {
    await sandbox.stop();
    await rm(base, { recursive: true, force: true });
  });

  /** Starts the same command again and again, killing it each time, then lets it end. */
  async function throughKills(args: readonly string[], kills: number, random: () => number): Promise<void> {
    for (let count = 0; count < kills; count += 1) {
      const started = start(sandbox, args);
      await delay(1_000 + random() * (LATEST_KILL_MS - 1_000));
      await kill(started, victims[Math.floor(random() * victims.length)] ?? 'all', folder);
      const ended = await started.ended;
      // It was killed, lost a step to the kill and says so, came too early, or had ended by itself.
      const expected = ended.signal === 'SIGKILL' || ended.stderr.includes('SIGKILL') || ended.status === 0 || isBusy(ended);
      expect(expected, `exit status ${ended.status}\n${ended.stderr}`).to.equal(true);
    }
    const ended = await untilDone(sandbox, args, 100);
    expect(ended.status, ended.stderr).to.equal(0);
  }

  it(`ends well all the same, and can be undone through kills as well (EKS_DR_TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed);
    await throughKills(['run', '--mode', 'drill', '--estate', example, '--run', folder, '--approve', 'all'], 3, random);
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as { status: string; services: object };
    expect(report.status).to.equal('ok');
    expect(report.services).to.deep.include({ total: 6, healthy: 6 });

    const done = await sandbox.dump();
    const again = await untilDone(sandbox, ['run', '--run', folder], 1);
    expect(again.status, again.stderr).to.equal(0);
    expect(worldDifferences(done, await sandbox.dump()).map(differenceText)).to.deep.equal([]);

    await throughKills(['undo', '--run', folder, '--approve', 'all'], 1, random);
    const left = unexplained(worldDifferences(atFirst, await sandbox.dump()));
    expect(left.map(differenceText)).to.deep.equal([]);
  });
});
