import { expect } from 'chai';
import { unique } from '../unique.ts';
import type { Answer, Question, VaultBody, VaultSubject } from './subject.ts';

/** Where Vault documents an endpoint: `docs('system/auth')`. */
export const docs = (page: string): string => `https://developer.hashicorp.com/vault/api-docs/${page}`;

export const KUBERNETES = docs('auth/kubernetes');

/** The body of an answer that must be 2xx. */
export function done({ status, body }: Answer): VaultBody {
  if (status < 200 || status > 299) throw new Error(`refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Expects a refusal in Vault's form, and gives its words. */
export function refused({ status, body }: Answer, code: number): string {
  expect(status, JSON.stringify(body)).to.equal(code);
  expect(body.errors).to.be.an('array');
  return (body.errors ?? []).join('; ');
}

/** A Kubernetes auth method of its own. */
export async function newMethod(vault: VaultSubject, description = ''): Promise<string> {
  const mount = unique('kubernetes');
  done(await vault.ask('POST', `sys/auth/${mount}`, { body: { type: 'kubernetes', description } }));
  return mount;
}

/** What the verb LIST does, too, which neither every proxy nor Node's own server knows. */
export function list(vault: VaultSubject, path: string, question?: Question): Promise<Answer> {
  return vault.ask('GET', `${path}?list=true`, question);
}

export const roleBody = { bound_service_account_names: ['app'], bound_service_account_namespaces: ['shop'], audience: 'vault' };

/** A token that has just these rules. */
export async function tokenWith(vault: VaultSubject, rules: string): Promise<string> {
  const { mount, account } = await connectedMethod(vault);
  const policy = unique('policy');
  done(await vault.ask('PUT', `sys/policies/acl/${policy}`, { body: { policy: rules } }));
  done(
    await vault.ask('POST', `auth/${mount}/role/some`, {
      body: { ...bound(vault, account), token_policies: [policy], audience: 'vault' },
    }),
  );
  const login = done(
    await vault.ask('POST', `auth/${mount}/login`, { as: null, body: { role: 'some', jwt: await jwtOf(vault, account, ['vault']) } }),
  );
  return String(login.auth?.client_token);
}

export function bound({ cluster }: VaultSubject, account: string): object {
  return { bound_service_account_names: [account], bound_service_account_namespaces: [cluster.namespace] };
}

/** A new service account. */
export async function newAccount({ cluster }: VaultSubject): Promise<string> {
  const name = unique('account');
  const { status, text } = await cluster.api.ask('POST', `/api/v1/namespaces/${cluster.namespace}/serviceaccounts`, {
    body: { metadata: { name } },
  });
  if (status !== 201) throw new Error(`no service account: ${text}`);
  return name;
}

export async function jwtOf({ cluster }: VaultSubject, account: string, audiences?: readonly string[]): Promise<string> {
  const { body } = await cluster.api.ask('POST', `/api/v1/namespaces/${cluster.namespace}/serviceaccounts/${account}/token`, {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: audiences === undefined ? {} : { audiences } },
  });
  return (body.status as { token: string }).token;
}

/** Lets an account review the tokens of others. */
export async function delegate({ cluster }: VaultSubject, account: string): Promise<void> {
  const body = {
    metadata: { name: unique('delegator') },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: cluster.namespace }],
  };
  const { status, text } = await cluster.api.ask('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', { body });
  if (status !== 201) throw new Error(`no binding: ${text}`);
}

export interface ConnectedMethod {
  readonly mount: string;
  /** Some account of the cluster. */
  readonly account: string;
  readonly reviewer: string;
}

/** A method that is configured for the cluster, with a reviewer that may review. */
export async function connectedMethod(vault: VaultSubject, change: object = {}): Promise<ConnectedMethod> {
  const mount = await newMethod(vault);
  const [account, reviewer] = [await newAccount(vault), await newAccount(vault)];
  await delegate(vault, reviewer);
  const config = {
    kubernetes_host: vault.cluster.url,
    kubernetes_ca_cert: vault.cluster.ca,
    token_reviewer_jwt: await jwtOf(vault, reviewer),
    disable_local_ca_jwt: true,
    ...change,
  };
  done(await vault.ask('POST', `auth/${mount}/config`, { body: config }));
  return { mount, account, reviewer };
}
