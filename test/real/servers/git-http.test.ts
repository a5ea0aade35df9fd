import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { gitBackend } from './build/debian.ts';
import { gitHttp } from './git-http.ts';

const git = async (...args: string[]): Promise<string> => (await promisify(execFile)('git', args)).stdout;
const AUTHOR = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];

describe('Git over HTTP', () => {
  let folder: string;
  let server: Server;
  let url: string;
  before(async function () {
    const backend = await gitBackend(() => undefined);
    if ('lacking' in backend) return this.skip();
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-git-'));
    await git('init', '--quiet', '--bare', '--initial-branch=main', join(folder, 'apps.git'));
    server = createServer(gitHttp(folder, backend.at)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server?.closeAllConnections();
    server?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('takes a push, and gives it to whoever clones', async () => {
    const [work, copy] = [join(folder, 'work'), join(folder, 'copy')];
    await git('clone', '--quiet', `${url}/apps.git`, work);
    await writeFile(join(work, 'app.yaml'), 'kind: Application\n');
    await git('-C', work, 'add', '.');
    await git('-C', work, ...AUTHOR, 'commit', '--quiet', '-m', 'Add an application');
    await git('-C', work, 'push', '--quiet', 'origin', 'HEAD:main');
    await git('clone', '--quiet', `${url}/apps.git`, copy);
    expect(await readFile(join(copy, 'app.yaml'), 'utf8')).to.equal('kind: Application\n');
  });

  it('answers neither a repository that is not there nor anything outside its folder', async () => {
    for (const path of ['/none.git', '/..%2f..%2fetc']) {
      const answer = await fetch(`${url}${path}/info/refs?service=git-upload-pack`);
      expect(answer.ok, path).to.equal(false);
      expect(await answer.text()).to.equal('');
    }
  });
});
