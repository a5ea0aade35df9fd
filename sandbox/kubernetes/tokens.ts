import { createHmac, timingSafeEqual } from 'node:crypto';
import { sha } from './ids.ts';
import { isFields, textAt } from './object.ts';
import type { KubernetesClusterState } from './state.ts';
import { find } from './store.ts';

export interface ServiceAccountClaims {
  readonly namespace: string;
  readonly account: string;
  readonly uid: string;
  /** The Secret that holds a long-lived token: deleting it revokes the token. */
  readonly secret?: string;
  readonly audiences?: readonly string[];
  /** Seconds since 1970, in sandbox time. Long-lived tokens never expire. */
  readonly issuedAt?: number;
  readonly expiresAt?: number;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signature(cluster: KubernetesClusterState, text: string): Buffer {
  return createHmac('sha256', sha(`service-account-key/${cluster.region}/${cluster.cluster}/${cluster.issuer}`))
    .update(text)
    .digest();
}

/** A JSON Web Token with the claims that Kubernetes puts in. */
export function mintServiceAccountToken(cluster: KubernetesClusterState, claims: ServiceAccountClaims): string {
  const { namespace, account, uid, secret, audiences, issuedAt, expiresAt } = claims;
  const legacy = {
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret,
    'kubernetes.io/serviceaccount/service-account.name': account,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
  };
  const bound = {
    iss: cluster.issuer,
    aud: audiences,
    exp: expiresAt,
    iat: issuedAt,
    nbf: issuedAt,
    'kubernetes.io': { namespace, serviceaccount: { name: account, uid } },
  };
  const payload = { ...(secret === undefined ? bound : legacy), sub: `system:serviceaccount:${namespace}:${account}` };
  const text = `${encode({ alg: 'HS256', kid: sha(cluster.issuer).slice(0, 40) })}.${encode(payload)}`;
  return `${text}.${signature(cluster, text).toString('base64url')}`;
}

/** Who a service-account token of this cluster speaks for; null when it is forged, expired or revoked. `now` in ms. */
export function readServiceAccountToken(cluster: KubernetesClusterState, token: string, now: number): ServiceAccountClaims | null {
  const [header, body, signed, ...rest] = token.split('.');
  if (header === undefined || body === undefined || signed === undefined || rest.length > 0) return null;
  const expected = signature(cluster, `${header}.${body}`);
  const given = Buffer.from(signed, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const payload: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  if (!isFields(payload)) return null;
  const expiresAt = typeof payload.exp === 'number' ? payload.exp : undefined;
  if (expiresAt !== undefined && expiresAt * 1_000 <= now) return null;
  const [, , namespace = '', account = ''] = (textAt(payload, 'sub') ?? '').split(':');
  const current = find(cluster, 'core/serviceaccounts', `${namespace}/${account}`);
  const uid =
    textAt(payload, 'kubernetes.io', 'serviceaccount', 'uid') ?? textAt(payload, 'kubernetes.io/serviceaccount/service-account.uid');
  if (uid === undefined || current?.metadata.uid !== uid) return null;
  const secret = textAt(payload, 'kubernetes.io/serviceaccount/secret.name');
  if (secret !== undefined && find(cluster, 'core/secrets', `${namespace}/${secret}`) === undefined) return null;
  const audiences = Array.isArray(payload.aud) ? payload.aud.map(String) : undefined;
  return {
    namespace,
    account,
    uid,
    ...(secret === undefined ? {} : { secret }),
    ...(audiences === undefined ? {} : { audiences }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
