import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockRun } from '../../../pipeline/runner/lock.ts';
import type { EksDrError } from '../../../steps/kit/errors.ts';

describe('the lock of a run folder', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-lock-'));
    file = join(folder, 'runner.lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const holder = (pid: number, more: object = {}) =>
    writeFile(file, JSON.stringify({ pid, host: hostname(), since: '2027-01-12T09:30:00Z', children: [], ...more }));
  const refusal = () =>
    lockRun(folder).then(
      () => undefined,
      (thrown: unknown) => thrown as EksDrError,
    );
  async function deadPid(): Promise<number> {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    return child.pid ?? 0;
  }

  it('is there while it is held and gone when it is released', async () => {
    const lock = await lockRun(folder);
    expect(JSON.parse(await readFile(file, 'utf8'))).to.include({ pid: process.pid });
    await lock.release();
    expect(existsSync(file)).to.equal(false);
  });

  it('keeps a second runner out and says who has it', async () => {
    await holder(process.ppid);
    const error = await refusal();
    expect(error).to.include({ code: 'run-busy', target: file });
    expect(error?.message).to.contain(`process ${process.ppid}`);
  });

  it('is taken over from a dead process', async () => {
    await holder(await deadPid());
    const lock = await lockRun(folder);
    expect(JSON.parse(await readFile(file, 'utf8'))).to.include({ pid: process.pid });
    await lock.release();
  });

  it('is held on by a step that outlives its runner', async () => {
    await holder(await deadPid(), { children: [process.ppid] });
    expect((await refusal())?.code).to.equal('run-busy');
  });

  it('is never taken over from another host, of whose processes nothing is known', async () => {
    await holder(await deadPid(), { host: 'another-host' });
    const error = await refusal();
    expect(error?.message).to.contain('on another-host');
    expect(error?.remedy).to.contain(file);
  });

  it('is taken over when its text is broken: the writer died at it', async () => {
    await writeFile(file, '{"pid": ');
    await (await lockRun(folder)).release();
  });

  it('does not come back by a late note after its release', async () => {
    const lock = await lockRun(folder);
    const noting = lock.children([1, 2, 3]);
    await lock.release();
    await noting;
    expect(existsSync(file)).to.equal(false);
  });
});
