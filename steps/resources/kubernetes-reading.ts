import { awsErrorName } from '../clients/aws-errors.ts';
import type { Clients, ClusterRef } from '../clients/clients.ts';
import type { Kubernetes, KubernetesObject, KubernetesRef } from '../clients/kubernetes.ts';
import type { Observed } from '../kit/driver.ts';
import { isJsonObject, type Json } from '../kit/json.ts';
import type { Owner } from '../kit/resource.ts';
import { FIELD_MANAGER, RUN_LABEL } from '../naming.ts';
import { clusterOwner, noCluster, ownerWithin } from './cluster-owner.ts';
import { ownedPart } from './managed-fields.ts';

/** From this many objects of one kind on, one LIST is cheaper than a GET each. */
const WORTH_A_LIST = 4;

export type ObjectId = ClusterRef & Required<KubernetesRef>;

/** An object read for a driver; `object` is null when it isn't there. */
export interface Found {
  readonly object: KubernetesObject | null;
  /** Whose the cluster is. */
  readonly container: Owner;
}

/** What makes a write conditional on the object just read. */
export interface ObjectVersion {
  readonly uid: string;
  readonly resourceVersion: string;
  /** The object's run label. */
  readonly run: string | null;
}

/** Reads many objects with few requests: per cluster and kind, one LIST where more than a few are asked for. In the order of the ids. */
export async function readObjects(clients: Pick<Clients, 'kubernetes'>, ids: readonly ObjectId[]): Promise<Found[]> {
  const found = new Map<string, Found>();
  await Promise.all(
    [...groups(ids, ({ region, cluster }) => `${region}/${cluster}`).values()].map(async (members) => {
      const [first] = members;
      if (first === undefined) return;
      const kubernetes = await connected(clients, first);
      if (kubernetes === null) {
        for (const id of members) found.set(keyOf(id), { object: null, container: noCluster(id.cluster) });
        return;
      }
      const container = clusterOwner(first.cluster, kubernetes.tags);
      const objects = await Promise.all(
        [...groups(members, ({ apiVersion, kind }) => `${apiVersion}/${kind}`).values()].map((some) => read(kubernetes, some)),
      );
      const present = new Map(objects.flat().map((object) => [objectKey(object), object]));
      for (const id of members) found.set(keyOf(id), { object: present.get(objectKey({ ...id, metadata: id })) ?? null, container });
    }),
  );
  return ids.map((id) => found.get(keyOf(id)) ?? { object: null, container: noCluster(id.cluster) });
}

/** The observation that belongs to what was found: our fields as `state`, whose it is, and its version. */
export function observe<State>(
  { object, container }: Found,
  stateOf: (object: KubernetesObject, owned: Json) => State,
  ownLabelOnly = false,
): Observed<State> {
  if (object === null) return { state: null, owner: container };
  const run = object.metadata.labels?.[RUN_LABEL] ?? null;
  const stranger: Owner = { kind: 'other', detail: `it is there without the label ${RUN_LABEL}` };
  const version: ObjectVersion = { uid: object.metadata.uid ?? '', resourceVersion: object.metadata.resourceVersion ?? '', run };
  return {
    state: stateOf(object, ownedFields(object)),
    owner: ownerWithin(container, run !== null ? { kind: 'run', run } : ownLabelOnly ? stranger : null),
    version,
  };
}

/** The fields that our field manager owns by server-side apply, without the object's address. */
function ownedFields(object: KubernetesObject): Json {
  const entry = object.metadata.managedFields?.find(
    ({ manager, operation, subresource }) => manager === FIELD_MANAGER && operation === 'Apply' && (subresource ?? '') === '',
  );
  const fields = entry?.fieldsV1 ?? {};
  // At the top an empty set means nothing, not everything: an apply that gave all its fields back.
  if (!isJsonObject(fields) || Object.keys(fields).length === 0) return {};
  return ownedPart(object as unknown as Json, fields) ?? {};
}

async function connected(clients: Pick<Clients, 'kubernetes'>, { region, cluster }: ClusterRef): Promise<Kubernetes | null> {
  try {
    return await clients.kubernetes({ region, cluster });
  } catch (thrown) {
    if (awsErrorName(thrown) === 'ResourceNotFoundException') return null;
    throw thrown;
  }
}

async function read(kubernetes: Kubernetes, ids: readonly ObjectId[]): Promise<KubernetesObject[]> {
  const [first] = ids;
  if (first === undefined) return [];
  if (ids.length >= WORTH_A_LIST) {
    if (ids.every(({ namespace }) => namespace === first.namespace))
      return [...(await kubernetes.list(first, { namespace: first.namespace }))];
    if (ids.every(({ name }) => name === first.name))
      return [...(await kubernetes.list(first, { fieldSelector: `metadata.name=${first.name}` }))];
  }
  const objects = await Promise.all(ids.map((id) => kubernetes.get(id)));
  return objects.filter((object) => object !== null);
}

function groups<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const item of items) grouped.set(key(item), [...(grouped.get(key(item)) ?? []), item]);
  return grouped;
}

function objectKey({
  apiVersion,
  kind,
  metadata,
}: {
  apiVersion: string;
  kind: string;
  metadata: { namespace?: string; name: string };
}): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function keyOf(id: ObjectId): string {
  return `${id.region}/${id.cluster} ${objectKey({ ...id, metadata: id })}`;
}
