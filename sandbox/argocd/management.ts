import type { Sandbox } from '../system.ts';
import type { Application, Metadata, Spec } from './application.ts';
import { isObject, type JsonObject, mergePatch } from './json.ts';
import type { Live } from './live.ts';
import { markDeleted } from './mark-deleted.ts';
import type { AppProject, ProjectSpec } from './project.ts';
import { ARGOCD_NAMESPACE, type ResourceKey } from './state.ts';
import { addApplication, changed, putProject, refreshSoon } from './store.ts';

const API_VERSION = 'argoproj.io/v1alpha1';

/** Argo CD's own cluster as a destination: manifests of Applications and AppProjects become the real ones (an application of applications). */
export function managementLive(sandbox: Sandbox): Live {
  const state = sandbox.world.argocd;

  function get(key: ResourceKey): JsonObject | null {
    if (key.namespace !== ARGOCD_NAMESPACE) return null;
    const found: Application | AppProject | undefined =
      key.kind === 'Application' ? state.applications[key.name]?.app : key.kind === 'AppProject' ? state.projects[key.name] : undefined;
    return found === undefined ? null : { apiVersion: API_VERSION, kind: key.kind, ...found };
  }

  function apply(object: JsonObject): void {
    const metadata = object.metadata as Metadata;
    if (object.apiVersion !== API_VERSION || !['Application', 'AppProject'].includes(String(object.kind))) {
      throw new Error(`the management cluster of the sandbox takes Applications and AppProjects only, not ${String(object.kind)}`);
    }
    if (metadata.namespace !== ARGOCD_NAMESPACE) throw new Error(`namespaces "${metadata.namespace ?? ''}" not found`);
    if (!isObject(object.spec)) throw new Error(`${String(object.kind)}.argoproj.io "${metadata.name}" is invalid: spec: Required value`);
    if (object.kind === 'AppProject') putProject(state, sandbox.clock.now(), { metadata, spec: object.spec as ProjectSpec });
    else applyApplication(sandbox, metadata, object.spec as unknown as Spec);
  }

  function remove(key: ResourceKey): void {
    if (key.kind === 'AppProject') delete state.projects[key.name];
    const record = state.applications[key.name];
    if (key.kind === 'Application' && record !== undefined) markDeleted(sandbox, record);
  }

  return { get, apply, remove, health: () => null };
}

function applyApplication(sandbox: Sandbox, metadata: Metadata, spec: Spec): void {
  const state = sandbox.world.argocd;
  const record = state.applications[metadata.name];
  if (record === undefined) {
    addApplication(sandbox, { metadata, spec });
    return;
  }
  const { app } = record;
  // What the last applied manifest held goes, what others added stays: labels and annotations merge, the spec is the manifest's.
  app.spec = structuredClone(spec);
  app.metadata.labels = mergePatch(app.metadata.labels ?? {}, metadata.labels ?? {}) as Record<string, string>;
  app.metadata.annotations = mergePatch(app.metadata.annotations ?? {}, metadata.annotations ?? {}) as Record<string, string>;
  if (metadata.finalizers !== undefined) app.metadata.finalizers = [...metadata.finalizers];
  changed(state, record, { spec: true });
  refreshSoon(state, record, sandbox.clock.now() + 500);
}
