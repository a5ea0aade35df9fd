import { applyManifest, deleteManifest, getObject, healthOf } from '../kubernetes/delivery.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Sandbox } from '../system.ts';
import type { HealthStatus } from './application.ts';
import type { JsonObject } from './json.ts';
import { apiVersionOf, isNamespaced } from './kinds.ts';
import type { Live } from './live.ts';
import type { ResourceKey } from './state.ts';

/** The field manager of Argo CD's controller. */
const MANAGER = 'argocd-controller';

/** A cluster of the sandbox as a destination. */
export function clusterLive(sandbox: Sandbox, ref: { readonly region: string; readonly cluster: string }): Live {
  const named = (key: ResourceKey): { apiVersion: string; kind: string; namespace?: string; name: string } => ({
    apiVersion: apiVersionOf(key),
    kind: key.kind,
    name: key.name,
    ...(isNamespaced(key.kind) ? { namespace: key.namespace } : {}),
  });
  return {
    get: (key) => getObject(sandbox, ref, named(key)) ?? null,
    apply: (object) => applyManifest(sandbox, ref, object as KubeObject, MANAGER),
    remove: (key) => deleteManifest(sandbox, ref, named(key)),
    health: (object: JsonObject): HealthStatus | null => healthOf(sandbox, ref, object as KubeObject),
  };
}
