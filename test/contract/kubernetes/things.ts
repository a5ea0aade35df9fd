import { expect } from 'chai';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer, Body, KubernetesHttp } from '../subjects/kubernetes-http.ts';

/** `pathOf(cluster, 'configmaps', 'a')`, `pathOf(cluster, 'apps/v1/deployments', 'a', 'scale')`: in the namespace of the run. */
export function pathOf({ namespace }: Pick<Cluster, 'namespace'>, resource: string, ...rest: readonly string[]): string {
  const [plural = '', version = 'v1', group] = resource.split('/').reverse();
  const root = group === undefined ? `/api/${version}` : `/apis/${group}/${version}`;
  return [root, 'namespaces', namespace, plural, ...rest].join('/');
}

export function configMap(name: string, data?: unknown, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, ...(data === undefined ? {} : { data }) };
}

/** Creates by POST; throws when that is refused. */
export async function create(cluster: Cluster, resource: string, body: unknown): Promise<Body> {
  return done(await cluster.ask('POST', pathOf(cluster, resource), { body }));
}

export interface ApplyOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Server-side apply of a ConfigMap or, with its path, of anything. */
export function apply(
  api: KubernetesHttp & Pick<Cluster, 'namespace'>,
  body: unknown,
  manager = 'one',
  { path, force, dryRun }: ApplyOptions & { readonly path?: string } = {},
): Promise<Answer> {
  const { metadata } = body as { metadata: { name: string } };
  return api.ask('PATCH', path ?? pathOf(api, 'configmaps', metadata.name), {
    query: { fieldManager: manager, ...(force && { force: 'true' }), ...(dryRun && { dryRun: 'All' }) },
    body,
    contentType: 'application/apply-patch+yaml',
  });
}

export type PatchType = 'json-patch' | 'merge-patch' | 'strategic-merge-patch';

export function patch(cluster: KubernetesHttp, path: string, type: PatchType, body: unknown): Promise<Answer> {
  return cluster.ask('PATCH', path, { body, contentType: `application/${type}+json` });
}

/** The body of an answer that must be 2xx. */
export function done({ status, body, text }: Answer): Body {
  if (status < 200 || status > 299) throw new Error(`refused with ${status}: ${text.slice(0, 500)}`);
  return body;
}

export interface Cause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** Expects a metav1.Status that refuses, and gives its causes. */
export function refused({ status, body }: Answer, code: number, reason: string, message?: string | RegExp): readonly Cause[] {
  expect({ status, kind: body.kind, result: body.status, code: body.code, reason: body.reason }, String(body.message)).to.deep.equal({
    status: code,
    kind: 'Status',
    result: 'Failure',
    code,
    reason,
  });
  if (typeof message === 'string') expect(body.message).to.equal(message);
  else if (message !== undefined) expect(body.message).to.match(message);
  return (body.details as { causes?: Cause[] } | undefined)?.causes ?? [];
}

/** The causes of a 422 as `reason field`. */
export function briefly(answer: Answer): string[] {
  return refused(answer, 422, 'Invalid').map(({ reason, field }) => `${reason} ${field}`);
}

export const deployment = (name: string, spec: object): object => ({ metadata: { name }, spec });

export function template(app: string, containers: readonly object[] = [{ name: 'web', image: 'web:1' }]): object {
  return { metadata: { labels: { app } }, spec: { containers } };
}
