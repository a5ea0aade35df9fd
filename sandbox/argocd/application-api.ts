import type { SandboxResponse } from '../system.ts';
import { type Application, CASCADE_FINALIZER, CASCADE_FINALIZERS, REFRESH_ANNOTATION } from './application.ts';
import { applicationIn, refuseInvalid } from './application-input.ts';
import { type Call, flag } from './call.ts';
import { findDestination, MANAGEMENT_SERVER } from './clusters.ts';
import { fail, json } from './grpc.ts';
import { isObject, type JsonObject, jsonPatch, mergePatch, sameJson } from './json.ts';
import { markDeleted } from './mark-deleted.ts';
import { connectionProblem } from './reach.ts';
import { refresh } from './refresh.ts';
import { labelSelector, selectFields } from './select.ts';
import type { ApplicationRecord } from './state.ts';
import { addApplication, changed, refreshSoon } from './store.ts';

/** GET applications: by `name`, `selector`, `projects` (or `project`), `repo`; `fields` reduces what is given. */
export function listApplications(call: Call): SandboxResponse {
  const items = choose(call).map((app) => selectFields(app as unknown as JsonObject, call.query.get('fields'), 'items.'));
  const list = { metadata: { resourceVersion: String(call.state.lastVersion) }, items: items.length === 0 ? null : items };
  return json(call.query.has('fields') ? { items: list.items, metadata: list.metadata } : list);
}

/** What a list or a watch asks for. */
export function chosen(call: Call): (app: Application) => boolean {
  const { query } = call;
  const matches = labelSelector(query.get('selector') ?? '');
  const projects = [...query.getAll('projects'), ...query.getAll('project')].filter((one) => one !== '');
  const [name, repo] = [query.get('name') ?? '', query.get('repo') ?? ''];
  return (app) =>
    (name === '' || app.metadata.name === name) &&
    (projects.length === 0 || projects.includes(app.spec.project || 'default')) &&
    (repo === '' || app.spec.source?.repoURL === repo) &&
    matches(app.metadata.labels ?? {});
}

/** All applications that a list or a watch asks for, by name. */
export function choose(call: Call): Application[] {
  const all = Object.values(call.state.applications).map(({ app }) => app);
  return all.filter(chosen(call)).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** GET an application; with `refresh=normal|hard` it is compared first, and the answer shows the outcome. */
export function getApplication(call: Call): SandboxResponse {
  const record = applicationOf(call);
  const wanted = call.query.get('refresh');
  if (wanted !== null) {
    record.app.metadata.annotations = { ...record.app.metadata.annotations, [REFRESH_ANNOTATION]: wanted === 'hard' ? 'hard' : 'normal' };
    refresh(call.sandbox, record);
  }
  return json(record.app);
}

/** POST: checks the spec against its project, and the repository and cluster unless `validate=false`. */
export function createApplication(call: Call): SandboxResponse {
  const wanted = applicationIn(call.body);
  refuseInvalid(call, wanted, flag(call, 'validate') ?? true);
  refuseUnreachable(call, wanted);
  const existing = call.state.applications[wanted.metadata.name];
  if (existing === undefined) return json(addApplication(call.sandbox, wanted).app);
  if (isSame(existing.app, wanted)) return json(existing.app);
  if (flag(call, 'upsert') !== true) fail('InvalidArgument', 'existing application spec is different, use upsert flag to force update');
  const labels = { ...existing.app.metadata.labels, ...wanted.metadata.labels };
  const annotations = { ...existing.app.metadata.annotations, ...wanted.metadata.annotations };
  return replace(call, existing, { ...wanted, metadata: { ...wanted.metadata, labels, annotations } });
}

/** PUT: spec, labels, annotations and finalizers become what is given, whatever its resourceVersion. */
export function updateApplication(call: Call): SandboxResponse {
  const existing = applicationOf(call);
  const wanted = applicationIn({
    ...call.body,
    metadata: { ...(isObject(call.body.metadata) ? call.body.metadata : {}), name: existing.app.metadata.name },
  });
  refuseInvalid(call, wanted, flag(call, 'validate') ?? true);
  return replace(call, existing, wanted);
}

/** PUT spec: labels and everything else stay as they are. */
export function updateSpec(call: Call): SandboxResponse {
  const existing = applicationOf(call);
  const wanted = applicationIn({ metadata: existing.app.metadata, spec: call.body });
  refuseInvalid(call, wanted, flag(call, 'validate') ?? true);
  replace(call, existing, wanted);
  return json(existing.app.spec);
}

/** PATCH `{ patch, patchType }`: a JSON patch or a merge patch, as text. */
export function patchApplication(call: Call): SandboxResponse {
  const existing = applicationOf(call);
  const kind = String(call.body.patchType ?? 'json') || 'json';
  if (kind !== 'json' && kind !== 'merge') fail('InvalidArgument', `Patch type '${kind}' is not supported`);
  const patched = applyPatch(existing.app, kind, String(call.body.patch ?? ''));
  const wanted = applicationIn(patched as JsonObject);
  refuseInvalid(call, wanted, true);
  return replace(call, existing, wanted);
}

/** DELETE: `cascade` (default true) decides whether what was deployed goes first, whatever finalizers were set. */
export function deleteApplication(call: Call): SandboxResponse {
  const record = applicationOf(call);
  const { metadata } = record.app;
  const policy = call.query.get('propagationPolicy') ?? '';
  const finalizers = metadata.finalizers ?? [];
  if (flag(call, 'cascade') === false) {
    if (policy !== '') fail('InvalidArgument', 'cannot set propagation policy when cascading is disabled');
    metadata.finalizers = finalizers.filter((finalizer) => !CASCADE_FINALIZERS.includes(finalizer));
  } else {
    if (!['', 'foreground', 'background'].includes(policy)) fail('InvalidArgument', `invalid propagation policy: ${policy}`);
    const wanted = policy === '' ? CASCADE_FINALIZER : `${CASCADE_FINALIZER}/${policy}`;
    // Kubernetes takes no new finalizer on what is being deleted.
    if (!finalizers.includes(wanted) && metadata.deletionTimestamp === undefined) metadata.finalizers = [...finalizers, wanted];
  }
  markDeleted(call.sandbox, record);
  return json({});
}

/** The application of the path. A missing one is refused like a forbidden one, unless `project` says which project's view is asked for. */
export function applicationOf(call: Call): ApplicationRecord {
  const name = call.parameters.name ?? '';
  const record = call.state.applications[name];
  const project = call.query.get('project') ?? '';
  if (record !== undefined && (project === '' || project === record.app.spec.project)) return record;
  return project === '' ? fail('PermissionDenied', 'permission denied') : fail('NotFound', `applications.argoproj.io "${name}" not found`);
}

function replace(call: Call, record: ApplicationRecord, wanted: Pick<Application, 'metadata' | 'spec'>): SandboxResponse {
  const { app } = record;
  const sameSpec = sameJson(app.spec, wanted.spec);
  app.spec = structuredClone(wanted.spec);
  const { labels, annotations, finalizers } = wanted.metadata;
  Object.assign(app.metadata, { labels: labels ?? {}, annotations: annotations ?? {}, finalizers: finalizers ?? [] });
  for (const name of ['labels', 'annotations', 'finalizers'] as const)
    if (Object.keys(app.metadata[name] ?? {}).length === 0) delete app.metadata[name];
  changed(call.state, record, { spec: !sameSpec });
  if (app.metadata.deletionTimestamp !== undefined && (app.metadata.finalizers ?? []).length === 0) markDeleted(call.sandbox, record);
  else refreshSoon(call.state, record, call.sandbox.clock.now() + 500);
  return json(app);
}

function isSame(existing: Application, wanted: Pick<Application, 'metadata' | 'spec'>): boolean {
  const [a, b] = [existing.metadata, wanted.metadata];
  return (
    sameJson(existing.spec, wanted.spec) &&
    sameJson(a.labels ?? {}, b.labels ?? {}) &&
    sameJson(a.annotations ?? {}, b.annotations ?? {}) &&
    sameJson(a.finalizers ?? [], b.finalizers ?? [])
  );
}

function applyPatch(app: Application, kind: 'json' | 'merge', text: string): unknown {
  try {
    const patch: unknown = JSON.parse(text);
    return kind === 'merge' ? mergePatch(app, patch) : jsonPatch(app, patch as Parameters<typeof jsonPatch>[1]);
  } catch (thrown) {
    return fail('Unknown', `error applying patch: ${(thrown as Error).message}`);
  }
}

// The real server asks the destination for its version and API groups while it validates.
function refuseUnreachable(call: Call, app: Pick<Application, 'spec'>): void {
  const found = findDestination(call.sandbox.world, app.spec.destination);
  if ('problem' in found || found.server === MANAGEMENT_SERVER || flag(call, 'validate') === false) return;
  const record = call.state.clusters[found.server];
  const problem = record === undefined ? null : connectionProblem(call.sandbox, record);
  if (problem !== null)
    fail('Unknown', `error while validating and normalizing app: error validating the repo: error getting k8s server version: ${problem}`);
}
