import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { ask, askJson } from '../ask.ts';
import type { Setting } from '../server.ts';
import { applyObject, type KubernetesObject } from './apply-object.ts';
import { apiServerUrl } from './kubeconfig.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ARGOCD = '/api/v1/namespaces/argocd';
/** What Argo CD's own settings are told by. */
const labels = { 'app.kubernetes.io/part-of': 'argocd' };

/** The CRDs, the namespace and the settings that Argo CD's manifests would bring, and folders for what they would mount. */
export async function prepareArgocd(setting: Setting): Promise<void> {
  for (const name of ['gpg-home', 'gpg', 'tls', 'ssh', 'plugins']) {
    await mkdir(setting.file('data', 'argocd', name), { recursive: true, mode: 0o700 });
  }
  await applyCrds(setting);
  await applyObject(setting, 'primary', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } });
  for (const [name, data] of Object.entries(CONFIG_MAPS)) {
    await applyObject(setting, 'primary', `${ARGOCD}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, labels },
      data,
    });
  }
  const secret = { apiVersion: 'v1', kind: 'Secret' };
  // The server fills it: signing key, password.
  await applyObject(setting, 'primary', `${ARGOCD}/secrets`, { ...secret, metadata: { name: 'argocd-secret', labels }, type: 'Opaque' });
  const { cert, key } = setting.secrets.tls;
  await applyObject(setting, 'primary', `${ARGOCD}/secrets`, {
    ...secret,
    metadata: { name: 'argocd-server-tls', labels },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  });
}

const CONFIG_MAPS = {
  'argocd-cm': {
    // A token that a person gets by logging in is to last as long as the servers do.
    'users.session.duration': '720h',
    // Tests wait for what they push.
    'timeout.reconciliation': '20s',
    'timeout.reconciliation.jitter': '5s',
  },
  'argocd-rbac-cm': {},
  'argocd-ssh-known-hosts-cm': {},
  'argocd-tls-certs-cm': {},
  'argocd-gpg-keys-cm': {},
} as const;

async function applyCrds(setting: Setting): Promise<void> {
  const folder = join(setting.ingredient('programs'), 'manifests', 'argocd');
  const names: string[] = [];
  for (const file of await readdir(folder)) {
    const crd = parse(await readFile(join(folder, file), 'utf8')) as KubernetesObject;
    await applyObject(setting, 'primary', CRDS, crd);
    names.push(crd.metadata.name);
  }
  for (const name of names) await established(setting, name);
}

/** The API server takes a moment from a CRD to its API. */
async function established(setting: Setting, name: string): Promise<void> {
  const url = `${apiServerUrl(setting, 'primary')}${CRDS}/${name}`;
  const access = { ca: setting.secrets.tls.ca, token: setting.secrets.clusters.primary.tokens.admin };
  const until = Date.now() + 30_000;
  for (;;) {
    const crd = (await askJson(url, access)) as { status?: { conditions?: { type: string; status: string }[] } };
    if (crd.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) return;
    if (Date.now() > until) throw new Error(`The CRD ${name} is not established.`);
    await sleep(100);
  }
}

/** The admin's password, which the server made up on its first start. */
export async function adminPassword(setting: Setting): Promise<string> {
  const url = `${apiServerUrl(setting, 'primary')}${ARGOCD}/secrets/argocd-initial-admin-secret`;
  const access = { ca: setting.secrets.tls.ca, token: setting.secrets.clusters.primary.tokens.admin };
  const secret = (await askJson(url, access)) as { data: { password: string } };
  return Buffer.from(secret.data.password, 'base64').toString();
}

/** The admin's token, by logging in. */
export async function adminToken(setting: Setting, url: string, password: string): Promise<string> {
  const { status, text } = await ask(`${url}/api/v1/session`, {
    method: 'POST',
    ca: setting.secrets.tls.ca,
    body: { username: 'admin', password },
  });
  if (status !== 200) throw new Error(`Argo CD takes no login of its admin: ${status} ${text.slice(0, 200)}`);
  return (JSON.parse(text) as { token: string }).token;
}
