import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer, Body, KubernetesHttp } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { create, done, pathOf } from './things.ts';

export function review(api: KubernetesHttp, group: 'authentication' | 'authorization', kind: string, spec?: object): Promise<Answer> {
  const version = `${group}.k8s.io/v1`;
  const plural = `${kind.toLowerCase()}s`;
  return api.ask('POST', `/apis/${version}/${plural}`, { body: { apiVersion: version, kind, ...(spec && { spec }) } });
}

export async function tokenOf(cluster: Cluster, account: string, spec: object = {}): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
  const answer = done(await cluster.ask('POST', pathOf(cluster, 'serviceaccounts', account, 'token'), { body }));
  return (answer.status as { token: string }).token;
}

/** A new service account, as which requests go out. */
export async function accountOf(cluster: Cluster): Promise<{ name: string; username: string; api: KubernetesHttp }> {
  const name = unique('account');
  await create(cluster, 'serviceaccounts', { metadata: { name } });
  return { name, username: `system:serviceaccount:${cluster.namespace}:${name}`, api: cluster.as(await tokenOf(cluster, name)) };
}

/** The status of a review. */
export const answered = (body: Body): Record<string, unknown> => body.status as Record<string, unknown>;
