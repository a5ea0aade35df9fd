import type { SandboxResponse } from '../system.ts';
import { type Application, sourcesOf } from './application.ts';
import { type Call, flag, objectIn } from './call.ts';
import { findDestination } from './clusters.ts';
import { fail, json } from './grpc.ts';
import { isObject, sameJson } from './json.ts';
import { type AppProject, type ProjectSpec, permitsDestination, permitsSource } from './project.ts';
import { refuseInvalidSpec } from './project-rules.ts';
import { putProject } from './store.ts';

export function listProjects(call: Call): SandboxResponse {
  const items = Object.values(call.state.projects).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return json({ metadata: { resourceVersion: String(call.state.lastVersion) }, items });
}

export function getProject(call: Call): SandboxResponse {
  return json(projectOf(call));
}

/** POST `{ project, upsert }`: an equal one is fine, a different one of the same name needs `upsert`. */
export function createProject(call: Call): SandboxResponse {
  const wanted = projectIn(call);
  const existing = call.state.projects[wanted.metadata.name];
  if (existing !== undefined && flag(call, 'upsert') !== true) {
    if (sameJson(existing.spec, wanted.spec)) return json(existing);
    const keys = differentKeys(existing.spec, wanted.spec).join(',');
    fail('InvalidArgument', `existing project spec is different; use upsert flag to force update; difference in keys "${keys}"`);
  }
  // Of a project that is there only the spec is replaced.
  const metadata = existing?.metadata ?? wanted.metadata;
  return json(putProject(call.state, call.sandbox.clock.now(), { ...wanted, metadata }));
}

/** PUT `{ project }`: a full replacement; `metadata.resourceVersion` must be the newest, and no application may become invalid by it. */
export function updateProject(call: Call): SandboxResponse {
  const wanted = projectIn(call, call.parameters.name);
  const { name, resourceVersion } = wanted.metadata;
  const existing = call.state.projects[name];
  if (existing === undefined) return missing(name);
  refuseInvalidated(call, existing, wanted);
  if (resourceVersion === undefined || resourceVersion === '') {
    fail(
      'InvalidArgument',
      `appprojects.argoproj.io "${name}" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update`,
    );
  }
  if (resourceVersion !== existing.metadata.resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    fail('Aborted', `Operation cannot be fulfilled on appprojects.argoproj.io "${name}": ${why}`);
  }
  return json(putProject(call.state, call.sandbox.clock.now(), wanted));
}

/** DELETE: refused while applications use it. */
export function deleteProject(call: Call): SandboxResponse {
  const { name } = projectOf(call).metadata;
  if (name === 'default') fail('InvalidArgument', `name '${name}' is reserved and cannot be deleted`);
  const users = applicationsOf(call, name).length;
  if (users > 0) fail('InvalidArgument', `project is referenced by ${users} applications`);
  delete call.state.projects[name];
  return json({});
}

function projectOf(call: Call): AppProject {
  const name = call.parameters.name ?? '';
  return call.state.projects[name] ?? missing(name);
}

function missing(name: string): never {
  return fail('NotFound', `appprojects.argoproj.io "${name}" not found`);
}

function applicationsOf(call: Call, project: string): Application[] {
  return Object.values(call.state.applications).flatMap(({ app }) => ((app.spec.project || 'default') === project ? [app] : []));
}

/** The project in a request's body; a name in the address takes the place of its own. */
function projectIn(call: Call, addressed?: string): AppProject {
  const project = objectIn(call.body.project, 'project');
  const metadata = objectIn(project.metadata, 'project.metadata');
  const name = addressed ?? String(metadata.name ?? '');
  const spec = (isObject(project.spec) ? project.spec : {}) as ProjectSpec;
  refuseInvalidSpec(name, spec);
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) {
    const rule = 'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters';
    fail('InvalidArgument', `AppProject.argoproj.io "${name}" is invalid: metadata.name: Invalid value: "${name}": ${rule}`);
  }
  return { metadata: { ...metadata, name } as AppProject['metadata'], spec, status: {} };
}

/** As the error of Argo CD calls them: by the names of its Go fields. */
function differentKeys(a: ProjectSpec, b: ProjectSpec): string[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !sameJson(a[key], b[key]));
  return keys.map((key) => `${key.charAt(0).toUpperCase()}${key.slice(1)}`);
}

function refuseInvalidated(call: Call, before: AppProject, after: AppProject): void {
  let [sources, destinations] = [0, 0];
  for (const app of applicationsOf(call, before.metadata.name)) {
    if (sourcesOf(app.spec).some((source) => permitsSource(before, source) && !permitsSource(after, source))) sources += 1;
    const found = findDestination(call.sandbox.world, app.spec.destination);
    if (!('problem' in found) && permitsDestination(before, found) && !permitsDestination(after, found)) destinations += 1;
  }
  const parts = [
    ...(sources > 0 ? [`${sources} applications source became invalid`] : []),
    ...(destinations > 0 ? [`${destinations} applications destination became invalid`] : []),
  ];
  if (parts.length > 0) fail('InvalidArgument', `as a result of project update ${parts.join(' and ')}`);
}
