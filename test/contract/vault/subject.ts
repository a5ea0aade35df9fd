import { endpointOf } from '../../../sandbox/kubernetes/clusters.ts';
import { startFullSandbox } from '../../../sandbox/start.ts';
import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { adminOf, CLUSTER, REGION, worldWithCluster } from '../subjects/kubernetes.ts';
import { type KubernetesHttp, kubernetesHttp } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';

export interface Question {
  /** A token; root's unless given, none where null. */
  readonly as?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** Parsed; an empty object where there is none. */
  readonly body: VaultBody;
}

export interface VaultBody {
  readonly errors?: readonly string[];
  readonly warnings?: readonly string[] | null;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly auth?: Readonly<Record<string, unknown>> | null;
  readonly [field: string]: unknown;
}

/** An unsealed server, asked in plain HTTP, and a cluster whose service accounts log in to it. */
export interface VaultSubject {
  /** `path` goes on from `/v1/`. */
  ask(method: string, path: string, question?: Question): Promise<Answer>;
  readonly cluster: {
    readonly api: KubernetesHttp;
    /** Where the API server is, as Vault reaches it. */
    readonly url: string;
    readonly ca: string;
    /** Made for this run. */
    readonly namespace: string;
  };
  /** The mount of a KV engine, version 2. */
  readonly kv: string;
}

/** The sandbox's own part of the subject: what no API changes. */
export interface SandboxVault extends VaultSubject {
  seal(sealed: boolean): void;
}

export async function sandboxVault(): Promise<Opened<VaultSubject>> {
  const world = worldWithCluster();
  const root = 'hvs.SANDBOX-root';
  world.vault.tokens[root] = {
    accessor: 'root',
    policies: ['root'],
    displayName: 'root',
    path: 'auth/token/root',
    meta: null,
    renewable: false,
    ttl: 0,
    createdAt: world.clock,
    expiresAt: null,
  };
  world.vault.mounts.secret = { type: 'kv', accessor: 'kv_contract', description: '', options: { version: '2' } };
  world.vault.auth.approle = { type: 'approle', accessor: 'auth_approle_contract', description: '', options: null };
  world.vault.approles.approle = { contract: { roleId: 'contract-role', secretId: 'contract-secret', policies: ['reader'], ttl: 900 } };
  const running = await startFullSandbox({ world, scale: 20 });
  const at = { region: REGION, cluster: CLUSTER };
  const cluster = await inNamespace(await adminOf(running), endpointOf(running.sandbox, at), running.sandbox.ca);
  const subject: SandboxVault = {
    ...cluster,
    kv: 'secret',
    ask: asking(running.addresses.vault, root),
    seal(sealed) {
      world.vault.sealed = sealed;
    },
  };
  return { subject, close: () => running.stop() };
}

/** The API server is the recovery cluster's: Argo CD works on the other one. */
export async function openbaoVault({ openbao, kubernetes }: Running): Promise<Opened<VaultSubject> | null> {
  if (openbao === undefined || kubernetes === undefined) return null;
  const { url, ca, adminToken } = kubernetes.recovery;
  const ask = asking(openbao.url, openbao.token);
  const kv = unique('kv');
  await ask('POST', `sys/mounts/${kv}`, { body: { type: 'kv', options: { version: '2' } } });
  const cluster = await inNamespace(kubernetesHttp({ url, ca }, adminToken), url, ca);
  return {
    subject: { ...cluster, kv, ask },
    async close() {
      await ask('DELETE', `sys/mounts/${kv}`);
      await cluster.cluster.api.ask('DELETE', `/api/v1/namespaces/${cluster.cluster.namespace}`);
    },
  };
}

async function inNamespace(api: KubernetesHttp, url: string, ca: string): Promise<Pick<VaultSubject, 'cluster'>> {
  const namespace = unique('vault');
  await api.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } });
  return { cluster: { api, url, ca, namespace } };
}

function asking(address: string, root: string): VaultSubject['ask'] {
  return async (method, path, { as = root, body, headers = {} } = {}) => {
    const response = await fetch(`${address}/v1/${path}`, {
      method,
      headers: {
        ...(as === null ? {} : { 'X-Vault-Token': as }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as VaultBody) };
  };
}
