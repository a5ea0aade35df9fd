import type { Sandbox } from '../system.ts';
import type { World } from '../world.ts';
import { contextOf } from './clusters.ts';
import type { Decoding } from './decode.ts';
import { deleteObject } from './deletes.ts';
import { failure } from './failure.ts';
import { type Health, healthOfLive } from './health.ts';
import type { KubeObject } from './object.ts';
import { groupVersion, type ResourceType, resourceOf, typeOfKind, typesOf } from './resources.ts';
import { type ClusterKey, clusterKey } from './state.ts';
import { all, type Context, find } from './store.ts';
import { applyObject, objectIn, type WriteTarget } from './writes.ts';

/** Names one object of a cluster. */
export interface ObjectKey {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

function typeOrFail(context: Context, apiVersion: string, kind: string): ResourceType {
  const type = typeOfKind(context.cluster, apiVersion, kind);
  if (type !== undefined) return type;
  throw failure(404, 'NotFound', `no matches for kind "${kind}" in version "${apiVersion}"`, { kind });
}

function contextOrFail(sandbox: Sandbox, ref: ClusterKey): Context {
  const context = contextOf(sandbox, ref);
  if (context === null) throw failure(503, 'ServiceUnavailable', `there is no API server for ${ref.cluster} in ${ref.region}`);
  return context;
}

function targetOf(type: ResourceType, namespace: string | undefined, manager: string): WriteTarget {
  const scope = type.namespaced ? (namespace ?? 'default') : undefined;
  return { type, namespace: scope, writer: { manager, subresource: '' }, dryRun: false };
}

/**
 * Applies a manifest as `kubectl apply --server-side --force-conflicts` would. An object without a namespace goes to `default`.
 * Throws an Error whose message is the API server's (see `failureMessage`) when it is refused: unknown kind, missing namespace, invalid object.
 */
export function applyManifest(sandbox: Sandbox, ref: ClusterKey, object: KubeObject, manager: string): void {
  const context = contextOrFail(sandbox, ref);
  applyIn(context, object, manager);
}

// As Argo CD validates unless it is told otherwise.
const STRICT: Decoding = { fieldValidation: 'Strict', warn: () => undefined };

/** The same for seeds, at the time of their context. */
export function applyIn(context: Context, object: KubeObject, manager: string): KubeObject {
  const type = typeOrFail(context, object.apiVersion, object.kind);
  const target = targetOf(type, object.metadata.namespace, manager);
  return applyObject(context, target, object.metadata.name, objectIn(target, object, object.metadata.name, STRICT), true);
}

/** Deletes an object with what it owns; one that is not there is no error. */
export function deleteManifest(sandbox: Sandbox, ref: ClusterKey, { apiVersion, kind, namespace, name }: ObjectKey): void {
  const context = contextOf(sandbox, ref);
  const type = context === null ? undefined : typeOfKind(context.cluster, apiVersion, kind);
  if (context === null || type === undefined) return;
  const target = targetOf(type, namespace, 'argocd-controller');
  const key = target.namespace === undefined ? name : `${target.namespace}/${name}`;
  if (find(context.cluster, resourceOf(type), key) === undefined) return;
  deleteObject(context, target, name, {
    propagationPolicy: undefined,
    gracePeriodSeconds: undefined,
    uid: undefined,
    resourceVersion: undefined,
  });
}

/** The live object, or undefined. */
export function getObject(
  { world }: Pick<Sandbox, 'world'>,
  ref: ClusterKey,
  { apiVersion, kind, namespace, name }: ObjectKey,
): KubeObject | undefined {
  const cluster = world.kubernetes.clusters[clusterKey(ref)];
  const type = cluster && typeOfKind(cluster, apiVersion, kind);
  if (cluster === undefined || type === undefined) return undefined;
  return find(cluster, resourceOf(type), type.namespaced ? `${namespace ?? 'default'}/${name}` : name);
}

/** All objects of a kind, in every namespace. A kind in several groups is looked up in the first that serves it. */
export function listObjects(world: World, ref: ClusterKey, kind: string, apiVersion?: string): readonly KubeObject[] {
  const cluster = world.kubernetes.clusters[clusterKey(ref)];
  if (cluster === undefined) return [];
  const type = typesOf(cluster).find((each) => each.kind === kind && (apiVersion === undefined || groupVersion(each) === apiVersion));
  return type === undefined ? [] : all(cluster, resourceOf(type));
}

/** How Argo CD judges the live version of an object: only its type, namespace and name are looked at. */
export function healthOf(
  sandbox: Pick<Sandbox, 'world'>,
  ref: ClusterKey,
  wanted: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>,
): Health {
  const { apiVersion, kind, metadata } = wanted;
  const object = getObject(sandbox, ref, { apiVersion, kind, namespace: metadata.namespace, name: metadata.name });
  return object === undefined ? 'Missing' : healthOfLive(object);
}
