import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { readRecord } from '../../../pipeline/runner/folder.ts';
import { errorOf } from '../../../pipeline/runner/run.ts';
import { errorOfExit } from '../../../pipeline/runner/step-process.ts';
import { EksDrError, exitStatus } from '../../../steps/kit/errors.ts';
import { type FakePlace, fakePlace, fakeStep, type WalkedSteps } from './fake-steps.ts';

const statuses = ({ results }: WalkedSteps) => Object.fromEntries(results.map(({ step, status }) => [step, status]));

async function appears(file: string): Promise<void> {
  for (let tries = 0; !existsSync(file); tries += 1) {
    if (tries > 2000) throw new Error(`${file} does not appear`);
    await delay(10);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self/stat') || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('the local runner', () => {
  let place: FakePlace;
  beforeEach(async () => {
    place = await fakePlace();
  });
  afterEach(() => place.remove());

  it('leaves no report of an earlier walk behind when a walk ends early', async () => {
    const steps = [fakeStep('make', [], { apply: { do: 'fail', code: 'unhealthy', category: 'unhealthy', status: 28 } })];
    await place.walk(steps);
    await writeFile(join(place.folder, 'report.txt'), 'complete');
    await place.walk(steps);
    expect(existsSync(join(place.folder, 'report.txt'))).to.equal(true);
    await place.walk([...steps, fakeStep('report', ['make'], { drivers: [] })]);
    expect(existsSync(join(place.folder, 'report.txt'))).to.equal(false);
  });

  it('plans, asks and applies each step, in the order of the graph', async () => {
    const asked: string[] = [];
    const walked = await place.walk(
      [fakeStep('look', [], { drivers: [] }), fakeStep('make', ['look']), fakeStep('check', ['make'], { changes: 0 })],
      {
        decide: async ({ plan, lines }) => {
          asked.push(`${plan.step} ${plan.attempt}`, ...lines(true).filter((line) => line.includes('+')));
          return { by: 'bob', via: 'test' };
        },
      },
    );
    expect(statuses(walked)).to.deep.equal({ look: 'ok', make: 'ok', check: 'ok' });
    expect(errorOf(walked.results)).to.equal(undefined);
    expect(asked).to.deep.equal(['make 1', '  + Note make-0']);
    expect(await place.calls()).to.deep.equal([
      'look apply forward',
      'make plan forward',
      'make apply forward',
      'check plan forward',
      'check apply forward',
    ]);
    const approval = JSON.parse(await readFile(join(place.folder, 'make.approval.json'), 'utf8'));
    expect(approval).to.include({ schema: 1, step: 'make', attempt: 1, decision: 'approved', by: 'bob', via: 'test' });
  });

  it('shows the log lines of a step and keeps them in its log file', async () => {
    const { screen } = await place.walk([fakeStep('make')]);
    expect(screen).to.match(/\d\d:\d\d:\d\d make plan begins\n/);
    expect(await readFile(join(place.folder, 'make.log'), 'utf8')).to.match(
      /info {2}make: plan begins\n[\s\S]*info {2}make: apply begins\n/,
    );
  });

  it('runs independent steps at once', async () => {
    const steps = [fakeStep('left', [], { apply: { do: 'wait' } }), fakeStep('right', [], { apply: { do: 'wait' } })];
    const walking = place.walk(steps);
    await Promise.all([appears(join(place.folder, 'left.waiting')), appears(join(place.folder, 'right.waiting'))]);
    await writeFile(join(place.folder, 'left.go'), '');
    await writeFile(join(place.folder, 'right.go'), '');
    expect(statuses(await walking)).to.deep.equal({ left: 'ok', right: 'ok' });
  });

  it('lets running branches end after a failure and starts nothing that depends on it', async () => {
    const steps = [
      fakeStep('bad', [], { apply: { do: 'fail', code: 'drift', category: 'drift', status: 22 } }),
      fakeStep('after-bad', ['bad']),
      fakeStep('good'),
      fakeStep('after-good', ['good']),
    ];
    const walked = await place.walk(steps);
    expect(statuses(walked)).to.deep.equal({ bad: 'failed', good: 'ok', 'after-bad': 'not-started', 'after-good': 'ok' });
    const error = errorOf(walked.results);
    expect(error).to.include({ code: 'drift', message: 'bad says no.', remedy: 'Mend it.' });
  });

  it('ends with the gravest error when several steps fail', async () => {
    const fail = (category: string, code: string) => ({ apply: { do: 'fail', code, category, status: 1 } as const });
    const walked = await place.walk([
      fakeStep('a', [], fail('unavailable', 'remote-unavailable')),
      fakeStep('b', [], fail('guard', 'drill-guard')),
    ]);
    const error = errorOf(walked.results);
    expect(error?.category).to.equal('guard');
    expect(error?.also.map(({ category }) => category)).to.deep.equal(['unavailable']);
  });

  it('repeats the reason of a step that refuses its input and leaves the record alone', async () => {
    const walked = await place.walk([fakeStep('make', [], { plan: { do: 'refuse', status: exitStatus.stale } })]);
    expect(errorOf(walked.results)).to.include({ category: 'stale', message: 'refused: too old.', remedy: 'Look again.' });
    expect(await readRecord(place.folder, 'make')).to.equal(undefined);
  });

  it('says of a step that was killed from outside that running again continues, and names its log', async () => {
    const walked = await place.walk([fakeStep('make', [], { apply: { do: 'crash' } })]);
    const error = errorOf(walked.results);
    expect(error?.category).to.equal('interrupted');
    expect(error?.message).to.contain('SIGKILL').and.contain('make.log');
    expect(error?.remedy).to.contain('continues').and.contain('memory');
  });

  it('calls a step that ends without a word a bug', () => {
    const error = errorOfExit('make', { status: 13, signal: null });
    expect(error.category).to.equal('bug');
    expect(error.message).to.contain('exit status 13').and.contain('make.log');
  });

  it('does not apply what was rejected', async () => {
    const walked = await place.walk([fakeStep('make'), fakeStep('next', ['make'])], {
      decide: async () => {
        throw new EksDrError('rejected', { message: 'No.' });
      },
    });
    expect(statuses(walked)).to.deep.equal({ make: 'failed', next: 'not-started' });
    expect(await place.calls()).to.deep.equal(['make plan forward']);
  });

  it('continues where it stopped: every step plans again, only what is left asks', async () => {
    const steps = [
      fakeStep('first'),
      fakeStep('second', ['first'], { apply: { do: 'fail', code: 'remote-unavailable', category: 'unavailable', status: 25 } }),
    ];
    await place.walk(steps);
    const asked: string[] = [];
    const walked = await place.walk([fakeStep('first'), fakeStep('second', ['first'])], {
      decide: async ({ plan }) => {
        asked.push(`${plan.step} ${plan.attempt}`);
        return { by: 'ann', via: 'test' };
      },
    });
    expect(statuses(walked)).to.deep.equal({ first: 'ok', second: 'ok' });
    expect(asked).to.deep.equal(['second 2']);
    expect(walked.results.map(({ changes }) => changes)).to.deep.equal([0, 1]);
  });

  it('plans without applying anything that changes something, as far as it can be known', async () => {
    const steps = [
      fakeStep('look', [], { drivers: [] }),
      fakeStep('there', ['look'], { changes: 0 }),
      fakeStep('make', ['there']),
      fakeStep('next', ['make']),
    ];
    const walked = await place.walk(steps, { planOnly: true });
    expect(statuses(walked)).to.deep.equal({ look: 'ok', there: 'ok', make: 'planned', next: 'not-started' });
    expect(errorOf(walked.results)).to.equal(undefined);
    expect(walked.screen).to.contain('  + Note make-0');
    expect(await place.calls()).to.deep.equal(['look apply forward', 'there plan forward', 'there apply forward', 'make plan forward']);
  });

  it('undoes in reverse order and skips what was never applied', async () => {
    const steps = [
      fakeStep('look', [], { drivers: [] }),
      fakeStep('first', ['look']),
      fakeStep('second', ['first']),
      fakeStep('third', ['second']),
    ];
    await place.walk(steps, { until: 'second' });
    const walked = await place.walk(steps, { direction: 'undo' });
    expect(statuses(walked)).to.deep.equal({ third: 'skipped', second: 'ok', first: 'ok', look: 'skipped' });
    expect((await place.calls()).filter((call) => call.endsWith('undo'))).to.deep.equal([
      'second plan undo',
      'second apply undo',
      'first plan undo',
      'first apply undo',
    ]);
  });

  it('hands SIGTERM to the running steps, waits for them, and starts nothing more', async () => {
    const steps = [fakeStep('make', [], { apply: { do: 'wait' } }), fakeStep('next', ['make'])];
    const walking = place.walk(steps);
    await appears(join(place.folder, 'make.waiting'));
    process.emit('SIGTERM');
    const walked = await walking;
    expect(statuses(walked)).to.deep.equal({ make: 'failed', next: 'not-started' });
    expect(errorOf(walked.results)?.category).to.equal('interrupted');
    expect((await readRecord(place.folder, 'make'))?.status).to.equal('interrupted');
    expect(walked.screen).to.contain('each step finishes the change in hand');
  });

  it('leaves a step to finish its work when the runner itself is killed, and keeps others out meanwhile', async () => {
    const argv = ['--import', 'tsx', join(import.meta.dirname, 'walk-in-process.ts'), place.root, '[["make", {"do": "wait"}]]'];
    const runner = spawn(process.execPath, argv, { stdio: 'ignore' });
    await appears(join(place.folder, 'make.waiting'));
    runner.kill('SIGKILL');
    await once(runner, 'exit');
    const busy = await place.open().catch((thrown: unknown) => thrown);
    expect(busy).to.include({ code: 'run-busy' });

    await writeFile(join(place.folder, 'make.go'), '');
    const holder = JSON.parse(await readFile(join(place.folder, 'runner.lock'), 'utf8')) as { children: number[] };
    while (holder.children.some(isRunning)) await delay(10);
    expect((await readRecord(place.folder, 'make'))?.status).to.equal('ok');
    const walked = await place.walk([fakeStep('make')]);
    expect(walked.results.map(({ status, changes }) => ({ status, changes }))).to.deep.equal([{ status: 'ok', changes: 0 }]);
  });

  it('releases the lock at the end, also after a failure', async () => {
    await place.walk([fakeStep('bad', [], { apply: { do: 'crash' } })]);
    expect(existsSync(join(place.folder, 'runner.lock'))).to.equal(false);
  });
});
