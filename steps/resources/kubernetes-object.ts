import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { KubernetesObject } from '../clients/kubernetes.ts';
import { defineDriver, single, type Write } from '../kit/driver.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { FIELD_MANAGER } from '../naming.ts';
import { type ObjectVersion, observe, readObjects } from './kubernetes-reading.ts';

const id = z.strictObject({
  region: z.string(),
  cluster: z.string(),
  apiVersion: z.string(),
  kind: z.string(),
  /** '' for objects that lie in none. */
  namespace: z.string(),
  name: z.string(),
});

/** The object without apiVersion, kind, name and namespace. What a secret holds never goes through here. */
const state = z
  .custom<JsonObject>((value) => isJsonObject(value as Json), 'must be an object')
  .refine(
    (value) => !('data' in value && 'type' in value) && !('stringData' in value),
    'must not hold what is in a secret: use kubernetes.secret',
  );

type Id = z.infer<typeof id>;

/** Any Kubernetes object, as far as our field manager owns it: server-side apply, never by force. */
export const kubernetesObject = defineDriver<Id, JsonObject, Pick<Clients, 'kubernetes'>>({
  kind: 'kubernetes.object',
  withoutCluster: 'gone',
  noun: 'Kubernetes object',
  compareAndSwap: { cas: 'yes', by: 'resourceVersion and uid; the API server refuses fields that another manager owns' },
  permissions: { read: ['get', 'list'], write: ['create', 'patch', 'delete'] },
  concurrency: 12,
  // Finalizers and what lies in a namespace keep it for minutes.
  visibleWithinSeconds: 300,
  id,
  state,
  label: ({ cluster, kind, namespace, name }) => `${kind} ${namespace === '' ? name : `${namespace}/${name}`} on ${cluster}`,
  read: async (clients, ids) => (await readObjects(clients, ids)).map((found) => observe(found, stateOf)),
  write: single(writeOne),
});

function stateOf(object: KubernetesObject, owned: Json): JsonObject {
  if (!isJsonObject(owned)) return {};
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = owned;
  if (object.kind !== 'Secret') return rest;
  const { data: _data, stringData: _stringData, ...visible } = rest;
  return visible;
}

async function writeOne(clients: Pick<Clients, 'kubernetes'>, { id: at, after, observed }: Write<Id, JsonObject>): Promise<void> {
  const kubernetes = await clients.kubernetes(at);
  const version = observed.version as ObjectVersion | undefined;
  if (after === null) {
    await kubernetes.delete(at, version === undefined ? undefined : { uid: version.uid, resourceVersion: version.resourceVersion });
    return;
  }
  const metadata = isJsonObject(after.metadata ?? null) ? (after.metadata as JsonObject) : {};
  await kubernetes.apply(
    {
      ...after,
      apiVersion: at.apiVersion,
      kind: at.kind,
      metadata: {
        ...metadata,
        name: at.name,
        ...(at.namespace === '' ? {} : { namespace: at.namespace }),
        ...(version === undefined ? {} : { uid: version.uid, resourceVersion: version.resourceVersion }),
      },
    },
    { fieldManager: FIELD_MANAGER },
  );
}
