import { copyFile, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFolder } from '../folders.ts';
import type { Found } from './ingredient.ts';
import { ProgramFailed, run } from './run.ts';
import { exists, makeWhole } from './whole.ts';

const HERE = join(import.meta.dirname, '..');
/** Of the `go` line in go.mod. */
const GO = { major: 1, minor: 26 };
const PROGRESS_MS = 15_000;

/** The names that Argo CD's one program goes by. */
const ARGOCD = ['argocd-server', 'argocd-repo-server', 'argocd-application-controller', 'argocd-k8s-auth'];

/** Data of the modules that the servers read: folder here -> module and folders in it. */
const MANIFESTS = [
  {
    to: 'kwok',
    module: 'sigs.k8s.io/kwok',
    from: ['node/fast', 'node/heartbeat-with-lease', 'pod/fast'].map((f) => `kustomize/stage/${f}`),
  },
  { to: 'argocd', module: 'github.com/argoproj/argo-cd/v3', from: ['manifests/crds'] },
];

/** `bin/` with etcd, Kubernetes, KWOK, Argo CD and helm; `manifests/` with KWOK's stages and Argo CD's CRDs. */
export async function goPrograms(say: (line: string) => void): Promise<Found> {
  const folder = buildFolder('programs');
  if (await exists(folder)) return { at: folder };
  const lacking = await withoutGo();
  if (lacking !== null) return { lacking };
  await makeWhole(folder, (partial) => fill(partial, say), say);
  return { at: folder };
}

async function withoutGo(): Promise<string | null> {
  try {
    const version = await run('go', ['env', 'GOVERSION'], { env: goEnvironment() });
    const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
    if (Number(major) > GO.major || (Number(major) === GO.major && Number(minor) >= GO.minor)) return null;
    return `Go ${GO.major}.${GO.minor} or newer is needed; this machine has ${version}.`;
  } catch (thrown) {
    if (thrown instanceof ProgramFailed) return `Go ${GO.major}.${GO.minor} or newer is needed; this machine has none that runs.`;
    throw thrown;
  }
}

async function fill(partial: string, say: (line: string) => void): Promise<void> {
  const bin = join(partial, 'bin');
  await mkdir(bin);
  await build(bin, say);
  await rename(join(bin, 'server'), join(bin, 'etcd'));
  await rename(join(bin, 'cmd'), join(bin, 'argocd'));
  for (const name of ARGOCD) await symlink('argocd', join(bin, name));
  // Argo CD's repo server calls it for every revision; signatures of commits are not what is tested here.
  await writeFile(join(bin, 'git-verify-wrapper.sh'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  for (const { to, module, from } of MANIFESTS) {
    const source = await run('go', ['list', '-m', '-f', '{{.Dir}}', module], { cwd: HERE, env: goEnvironment() });
    await mkdir(join(partial, 'manifests', to), { recursive: true });
    for (const folder of from) await copyYaml(join(source, folder), join(partial, 'manifests', to));
  }
}

async function build(bin: string, say: (line: string) => void): Promise<void> {
  const kubernetes = await run('go', ['list', '-m', '-f', '{{.Version}}', 'k8s.io/kubernetes'], { cwd: HERE, env: goEnvironment() });
  const argocd = await run('go', ['list', '-m', '-f', '{{.Version}}', 'github.com/argoproj/argo-cd/v3'], {
    cwd: HERE,
    env: goEnvironment(),
  });
  const flags = [
    '-s -w',
    `-X k8s.io/component-base/version.gitVersion=${kubernetes}`,
    `-X k8s.io/component-base/version.gitMajor=${kubernetes.slice(1).split('.')[0]}`,
    `-X k8s.io/component-base/version.gitMinor=${kubernetes.split('.')[1]}`,
    `-X github.com/argoproj/argo-cd/v3/common.version=${argocd.slice(1)}`,
  ];
  const started = Date.now();
  const seen = { modules: 0, packages: 0 };
  const telling = setInterval(() => {
    say(`Go programs: ${seen.modules} modules fetched, ${seen.packages} packages built, ${Math.round((Date.now() - started) / 1000)} s`);
  }, PROGRESS_MS);
  say('Go programs: building; about 10 minutes the first time');
  try {
    await run('go', ['build', '-v', '-buildvcs=false', '-mod=readonly', '-ldflags', flags.join(' '), '-o', `${bin}/`, 'tool'], {
      cwd: HERE,
      env: goEnvironment(),
      onLine(line) {
        if (line.startsWith('go: downloading')) seen.modules += 1;
        else seen.packages += 1;
      },
    });
  } finally {
    clearInterval(telling);
  }
}

/** A newer toolchain than the machine's is not fetched behind anyone's back. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '' };
}

async function copyYaml(from: string, to: string): Promise<void> {
  const files = (await readdir(from)).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
  for (const name of files) await copyFile(join(from, name), join(to, name));
}
