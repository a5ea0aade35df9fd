import * as z from 'zod';
import type { Kubernetes, KubernetesObject } from '../../clients/kubernetes.ts';
import { isJsonObject, type JsonObject } from '../../kit/json.ts';
import { definePart, sortedBy } from '../part.ts';

const kinds = ['LimitRange', 'ResourceQuota'] as const;

const texts = z.record(z.string(), z.string());

/** A ResourceQuota or a LimitRange, with what tells who brought it. */
const limit = z.strictObject({
  kind: z.enum(kinds),
  name: z.string().min(1),
  labels: texts,
  annotations: texts,
  spec: z.custom<JsonObject>(isJsonObject, 'must be an object'),
});

// An archive of an older version has labels alone.
const schema = z.array(
  z.strictObject({ name: z.string().min(1), labels: texts, annotations: texts.default({}), limits: z.array(limit).default([]) }),
);

export type NamespaceLimit = z.infer<typeof limit>;

/** The namespaces of the primary: labels, annotations, and the quotas and limit ranges in them. */
export const namespaces = definePart({
  schema,
  words: 'namespaces',
  system: 'the primary cluster',
  size: (value) => value.length,

  async read(clients, { primary: { region, cluster } }) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const [found, limits] = await Promise.all([kubernetes.list({ apiVersion: 'v1', kind: 'Namespace' }), limitsByNamespace(kubernetes)]);
    return sortedBy(
      found.map(({ metadata }) => ({
        name: metadata.name,
        labels: { ...metadata.labels },
        annotations: { ...metadata.annotations },
        limits: [...(limits.get(metadata.name) ?? [])],
      })),
      ({ name }) => name,
    );
  },
});

/** By the name of their namespace; those of kind LimitRange first, each kind by name. */
async function limitsByNamespace(kubernetes: Kubernetes): Promise<ReadonlyMap<string, readonly NamespaceLimit[]>> {
  const lists = await Promise.all(kinds.map(async (kind) => ({ kind, objects: await kubernetes.list({ apiVersion: 'v1', kind }) })));
  const limits = new Map<string, NamespaceLimit[]>();
  for (const { kind, objects } of lists) {
    for (const object of sortedBy(objects, ({ metadata }) => metadata.name)) {
      const namespace = object.metadata.namespace ?? '';
      limits.set(namespace, [...(limits.get(namespace) ?? []), limitOf(kind, object)]);
    }
  }
  return limits;
}

function limitOf(kind: NamespaceLimit['kind'], { metadata, spec = {} }: KubernetesObject): NamespaceLimit {
  const { name, labels, annotations } = metadata;
  return { kind, name, labels: { ...labels }, annotations: { ...annotations }, spec: spec as JsonObject };
}
