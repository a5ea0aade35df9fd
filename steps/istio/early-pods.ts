import type { ClusterRef } from '../clients/clients.ts';
import type { Kubernetes, KubernetesObject } from '../clients/kubernetes.ts';
import { isJsonObject, type Json } from '../kit/json.ts';
import type { Resource } from '../kit/resource.ts';
import { kubernetesObject } from '../resources/kubernetes-object.ts';

/** What the gateway's chart names as image: istiod's injector puts the real one in its place when a pod is made. */
const NOT_INJECTED = 'auto';

/** The annotation that makes a pod template a new one: the pods that came too early. */
const REPLACES = 'eks-dr/replaces';

export interface GatewayPods {
  /** How many of its newest template were injected. */
  readonly injected: number;
  /** Names of those that were made while there was no injector. They never start. */
  readonly early: readonly string[];
}

/** The pods of the gateway's newest template: those of an older one are on their way out. Null: there is no such Deployment. */
export async function gatewayPods(
  kubernetes: Pick<Kubernetes, 'get' | 'list'>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<GatewayPods | null> {
  const deployment = (await kubernetes.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name })) as Json;
  const labels = at(deployment, 'spec', 'selector', 'matchLabels');
  if (labels === undefined || !isJsonObject(labels)) return null;
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const listed = await kubernetes.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector });
  const replaces = at(deployment, 'spec', 'template', 'metadata', 'annotations', REPLACES);
  const pods = listed.filter(({ metadata }) => metadata.deletionTimestamp === undefined && metadata.annotations?.[REPLACES] === replaces);
  const early = pods.filter(isEarly).map(({ metadata }) => metadata.name);
  return { injected: pods.length - early.length, early: early.toSorted() };
}

/**
 * Has the gateway's Deployment make its pods anew, now that the injector is there: a rollout, which an undo takes back like any change of
 * a field. Nothing where no pod came too early.
 */
export function rolledAnew(
  { region, cluster }: ClusterRef,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  early: readonly string[],
): Resource[] {
  if (early.length === 0) return [];
  const id = { region, cluster, apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
  return [kubernetesObject.resource(id, { spec: { template: { metadata: { annotations: { [REPLACES]: early.join(',') } } } } })];
}

function isEarly(pod: KubernetesObject): boolean {
  const containers = at(pod as unknown as Json, 'spec', 'containers');
  return Array.isArray(containers) && containers.some((container) => at(container as Json, 'image') === NOT_INJECTED);
}

function at(value: Json, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => (inner !== undefined && isJsonObject(inner) ? inner[key] : undefined), value);
}
