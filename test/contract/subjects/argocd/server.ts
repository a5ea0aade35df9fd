import { ask, askJson } from '../../../real/servers/ask.ts';
import type { KubernetesServer, Running } from '../../../real/servers/running.ts';
import type { Opened } from '../../contract.ts';
import { unique } from '../../unique.ts';
import type { ArgoCd, LiveRef } from './argocd.ts';
import { callsOf } from './calls.ts';
import { furtherAddress } from './further-address.ts';
import { newGitRepository } from './git.ts';

/** The real Argo CD, deploying from Git over HTTP to the recovery cluster, which it knows under an address of this subject's own. */
export async function realArgocd({ argocd, kubernetes }: Running): Promise<Opened<ArgoCd> | null> {
  if (argocd === undefined || kubernetes === undefined) return null;
  const { url, ca, token } = argocd;
  const { recovery } = kubernetes;
  const ends: (() => Promise<unknown>)[] = [];
  const { call, removeAll } = callsOf({ url, token, ...(ca !== undefined && { ca }) });
  const newAddress: ArgoCd['newAddress'] = async () => {
    const address = await furtherAddress(recovery.url);
    ends.push(() => address.close());
    return { server: address.url, config: credentialsFor(recovery) };
  };
  const destination = { name: unique('destination'), ...(await newAddress()) };
  const { status, body } = await call('POST', '/api/v1/clusters', { body: destination });
  if (status !== 200) throw new Error(`the destination can't be registered: ${JSON.stringify(body)}`);
  return {
    subject: {
      url,
      token,
      ...(ca !== undefined && { ca }),
      call,
      destination,
      newAddress,
      async newRepository(files) {
        const repository = await newGitRepository(argocd.git, files);
        ends.push(() => repository.remove());
        return repository;
      },
      live: (ref) => live(recovery, ref),
      async newNamespace(name) {
        ends.push(() => ask(`${recovery.url}/api/v1/namespaces/${name}`, { ...access(recovery), method: 'DELETE' }));
        await askJson(`${recovery.url}/api/v1/namespaces`, { ...access(recovery), method: 'POST', body: { metadata: { name } } });
      },
    },
    async close() {
      try {
        await removeAll();
      } finally {
        await Promise.all(ends.map((end) => end()));
      }
    },
  };
}

function access({ ca, adminToken: token }: KubernetesServer): { ca: string; token: string } {
  return { ca, token };
}

function credentialsFor({ ca, adminToken }: KubernetesServer): Readonly<Record<string, unknown>> {
  return { bearerToken: adminToken, tlsClientConfig: { insecure: false, caData: Buffer.from(ca).toString('base64') } };
}

/** Plurals by adding an s: enough for what assertions deploy. */
async function live(cluster: KubernetesServer, { apiVersion, kind, namespace, name }: LiveRef): Promise<unknown> {
  const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const place = namespace === '' ? '' : `/namespaces/${namespace}`;
  const { status, text } = await ask(`${cluster.url}${group}${place}/${kind.toLowerCase()}s/${name}`, access(cluster));
  if (status === 404) return null;
  if (status !== 200) throw new Error(`${kind} ${namespace}/${name}: ${status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as unknown;
}
