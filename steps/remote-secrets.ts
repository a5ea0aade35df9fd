import type { Clients } from './clients/clients.ts';
import { EksDrError } from './kit/errors.ts';

type RemoteClients = Pick<Clients, 'vault' | 'kubernetes'>;

/** Where the token of a service account lies in a cluster, as a secret reference. Its value goes from there to who needs it, and nowhere else. */
export function kubernetesSecretRef(at: {
  readonly region: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}): string {
  return `kubernetes:${at.region}/${at.cluster}/${at.namespace}/${at.name}#${at.key}`;
}

/**
 * The secret behind `vault:PATH#FIELD` (the path as the API has it: `secret/data/new-relic` in a KV engine of version 2) or
 * `kubernetes:REGION/CLUSTER/NAMESPACE/NAME#KEY`; undefined where there is none. Throws `input-invalid` for another kind of reference.
 */
export async function remoteSecret(clients: RemoteClients, ref: string): Promise<string | undefined> {
  const [, scheme = '', path = '', field = ''] = /^(vault|kubernetes):(.+)#([^#]+)$/.exec(ref) ?? [];
  if (scheme === 'vault') return fromVault(clients, path, field);
  if (scheme === 'kubernetes') return fromCluster(clients, path, field);
  throw new EksDrError('input-invalid', {
    message: `${ref} is not a secret reference.`,
    target: ref,
    remedy: 'Use env:NAME, file:PATH or vault:PATH#FIELD.',
  });
}

async function fromVault(clients: Pick<Clients, 'vault'>, path: string, field: string): Promise<string | undefined> {
  const found = await (await clients.vault()).secret(path.replace(/^\/+|\/+$/g, ''));
  const inside = found?.data;
  // A KV engine of version 2 wraps what was written.
  const data = typeof inside === 'object' && inside !== null && 'metadata' in (found ?? {}) ? (inside as Record<string, unknown>) : found;
  const value = data?.[field];
  return typeof value === 'string' ? value : value === undefined || value === null ? undefined : JSON.stringify(value);
}

async function fromCluster(clients: Pick<Clients, 'kubernetes'>, path: string, key: string): Promise<string | undefined> {
  const [region = '', cluster = '', namespace = '', name = ''] = path.split('/');
  const secret = await (await clients.kubernetes({ region, cluster })).get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const data = secret?.data as Readonly<Record<string, string>> | undefined;
  const value = data?.[key];
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
}
