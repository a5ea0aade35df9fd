import { addProject, addUser, commitFiles } from '../../../sandbox/gitlab/repository.ts';
import { startFullSandbox } from '../../../sandbox/start.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { BORN } from '../../../sandbox/worlds/names.ts';
import type { Opened } from '../contract.ts';

export type Who = 'developer' | 'colleague' | 'maintainer' | 'guest' | 'limited';

export interface Question {
  /** Default: the developer. Null sends no token. */
  readonly as?: Who | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else the text; null when there is none. */
  readonly body: unknown;
}

/** A GitLab with one private project, asked in plain HTTP. */
export interface GitLab {
  /** Where its API begins: `http://127.0.0.1:8080/api/v4`. */
  readonly address: string;
  /**
   * Path of the project's resources. Its `main` is protected: developers merge, maintainers push. One approval is asked for. Nobody
   * commits to its branch `frozen`.
   */
  readonly project: string;
  readonly ids: Readonly<Record<Who, number>>;
  ask(method: string, path: string, question?: Question): Promise<Answer>;
  /** GETs what is no text. */
  download(path: string): Promise<{ readonly status: number; readonly bytes: Buffer }>;
  /** Uses up what the user `limited` may ask in this minute. */
  exhaust(): void;
  /** Uses up the archives that the user `colleague` may download in this minute. */
  exhaustArchives(): void;
}

const PATH = 'contract/app';
const token = (who: Who): string => `glpat-${who}`;

export async function sandboxGitLab(): Promise<Opened<GitLab>> {
  const world = emptyWorld();
  const state = world.gitlab;
  const user = (who: Who) => addUser(state, { username: who, name: who, email: `${who}@example.com` }, token(who)).id;
  const ids = {
    developer: user('developer'),
    colleague: user('colleague'),
    maintainer: user('maintainer'),
    guest: user('guest'),
    limited: user('limited'),
  };
  const project = addProject(state, {
    path: PATH,
    description: 'for assertions',
    members: { developer: 30, colleague: 30, maintainer: 40, guest: 10, limited: 30 },
    approvalsRequired: 1,
    at: BORN,
  });
  const author = { name: 'Platform', email: 'platform@example.com' };
  const commit = (message: string, files: Readonly<Record<string, string>>) =>
    commitFiles(project, { branch: 'main', message, author, at: BORN, files });
  commit('Begin', { 'README.md': '# App\n', 'docs/a.md': 'a\n', 'docs/b.md': 'b\n', 'docs/deep/c.md': 'c\n' });
  project.branches.frozen = commit('Say more', { 'README.md': '# App\n\nMore.\n' });
  // Slow enough for a minute to hold some requests, fast enough not to wait long until a merge request is checked.
  const running = await startFullSandbox({ world, scale: 20 });
  const address = `${running.addresses.gitlab}/api/v4`;
  return {
    subject: {
      address,
      project: `/projects/${encodeURIComponent(PATH)}`,
      ids,
      ask: (method, path, question) => ask(`${address}${path}`, method, question),
      async download(path) {
        const response = await fetch(`${address}${path}`, { headers: { 'PRIVATE-TOKEN': token('developer') } });
        return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
      },
      exhaustArchives() {
        const minute = Math.floor(running.sandbox.clock.now() / 60_000);
        state.archives = { ...state.archives, [`colleague ${PATH}`]: { minute, count: 5 } };
      },
      exhaust() {
        state.requests.limited = { minute: Math.floor(running.sandbox.clock.now() / 60_000), count: 1_000_000 };
      },
    },
    close: () => running.stop(),
  };
}

async function ask(url: string, method: string, { as = 'developer', headers = {}, body }: Question = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(as === null ? {} : { 'PRIVATE-TOKEN': token(as) }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
