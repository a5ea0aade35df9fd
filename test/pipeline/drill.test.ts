import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { credentialsHandedOut, secretsIn } from '../canaries.ts';
import { watchArguments } from './watch-arguments.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

// One story in three parts: each goes on with the folder and the world that the one before left.
describe('a drill of the small shop, with the compiled program against the sandbox', function () {
  this.timeout(300_000);
  this.bail(true);
  let folder: string;
  let secrets: string[];
  let said = '';
  const inArguments: string[] = [];
  before(async () => {
    secrets = await credentialsHandedOut();
    folder = join(await mkdtemp(join(tmpdir(), 'eks-dr-drill-')), 'drill');
  });
  after(() => rm(join(folder, '..'), { recursive: true, force: true }));

  async function drill(...args: string[]): Promise<string> {
    const script = join(root, 'scripts', 'drill.ts');
    const argv = ['--import', 'tsx', script, '--world', 'small', '--scale', '40', '--folder', folder, ...args];
    const watched = watchArguments(secrets);
    const { stdout, stderr } = await run(process.execPath, argv, { cwd: root, maxBuffer: 1e8 })
      .catch((failure: { stdout: string; stderr: string }) => {
        throw new Error(`${failure.stdout}\n${failure.stderr.split('\n').slice(-60).join('\n')}`);
      })
      .finally(() => watched.stop());
    said += stdout + stderr;
    inArguments.push(...watched.found());
    return stdout;
  }

  it('recovers every service and says how long it took', async () => {
    expect(await drill()).to.contain('ok: the drill');
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as {
      status: string;
      services: object;
      rto: { met: boolean };
    };
    expect(report.status).to.equal('ok');
    expect(report.services).to.deep.include({ total: 6, healthy: 6 });
    expect(report.rto).to.include.keys('targetSeconds', 'actualSeconds');
  });

  it('asks nothing and changes nothing when it runs once more', async () => {
    const text = await drill('--again');
    expect(text).to.contain('ok: a second run changes nothing in the world').and.contain('ok: a second run asks nothing');
  });

  it('leaves the world as it was before once it is undone', async () => {
    expect(await drill('--clean-up')).to.contain('ok: after the clean-up the world is as before');
  });

  it('has let no secret into a file, a log line, the output or an argument', async () => {
    // What the sandbox keeps of itself is the remote side.
    const own = (await readdir(folder)).filter((name) => name !== 'world.json' && !name.endsWith('.dump.json'));
    expect(own).to.include.members(['run.json', 'prepare-namespaces.log', 'prepare-namespaces.1.plan.json', 'report.txt']);
    const texts = await Promise.all(own.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const));
    for (const [name, text] of [...texts, ['the output', said] as const]) expect(secretsIn(text, secrets), name).to.deep.equal([]);
    expect(inArguments).to.deep.equal([]);
    expect(said).to.contain('prepare-namespaces');
  });
});
