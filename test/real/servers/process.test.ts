import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { isAlive, type ProcessId, processId, stopProcess } from './process.ts';

const STUBBORN = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready")';
const WILLING = 'setInterval(() => {}, 1000); console.log("ready")';

describe('a process of a server', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  async function start(script: string): Promise<ProcessId> {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    children.push(child);
    await once(child.stdout, 'data');
    const id = await processId(child.pid ?? 0);
    if (id === null) throw new Error('it does not run');
    return id;
  }

  it('ends on SIGTERM where it listens to it, and is gone for whoever stops it again', async () => {
    const id = await start(WILLING);
    expect(await isAlive(id)).to.equal(true);
    expect(await stopProcess(id, 5_000)).to.equal('ended');
    expect(await stopProcess(id, 5_000)).to.equal('was gone');
  });

  it('is killed where it does not end by itself', async () => {
    expect(await stopProcess(await start(STUBBORN), 200)).to.equal('killed');
  });

  it('is not taken for a later one of the same number', async () => {
    const id = await start(WILLING);
    const earlier = { ...id, started: `${id.started}0` };
    expect(await stopProcess(earlier, 1_000)).to.equal('was gone');
    expect(await isAlive(id)).to.equal(true);
  });
});
