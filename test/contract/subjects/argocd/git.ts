import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unique } from '../../unique.ts';
import type { Repository } from './argocd.ts';

const run = promisify(execFile);
const AUTHOR = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];

/** A bare repository in `folder`, which is served at `url`; commits are pushed to it over HTTP. */
export async function newGitRepository(
  { url: server, folder }: { readonly url: string; readonly folder: string },
  files: Readonly<Record<string, string>>,
): Promise<Repository & { remove(): Promise<void> }> {
  const name = `${unique('repository')}.git`;
  const url = `${server}/${name}`;
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(folder, name)]);
  const work = await mkdtemp(join(tmpdir(), 'contract-git-'));
  const git = async (...args: string[]): Promise<string> => (await run('git', ['-C', work, ...AUTHOR, ...args])).stdout.trim();
  await git('init', '--quiet', '--initial-branch=main');

  const commit: Repository['commit'] = async (changed) => {
    for (const [path, text] of Object.entries(changed)) {
      const file = join(work, path);
      await mkdir(dirname(file), { recursive: true });
      await (text === null ? rm(file) : writeFile(file, text));
    }
    await git('add', '--all');
    await git('commit', '--quiet', '--message=Change');
    await git('push', '--quiet', url, 'main');
    return git('rev-parse', 'HEAD');
  };
  await commit(files);
  return {
    url,
    commit,
    remove: async () => {
      await Promise.all([work, join(folder, name)].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}
