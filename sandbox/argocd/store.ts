import { createHash } from 'node:crypto';
import type { Sandbox } from '../system.ts';
import type { Application } from './application.ts';
import { clone } from './json.ts';
import type { AppProject } from './project.ts';
import { runtimeOf, wake } from './runtime.ts';
import { type ApplicationRecord, ARGOCD_NAMESPACE, type ArgoCdState } from './state.ts';

/** Time as Kubernetes writes it: whole seconds. */
export function timestamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** A number in [0, 1) that is always the same for a name: jitter that two runs share. */
export function spread(name: string): number {
  return createHash('sha1').update(name).digest().readUInt32BE(0) / 2 ** 32;
}

export function nextVersion(state: ArgoCdState): string {
  state.lastVersion += 1;
  return String(state.lastVersion);
}

function uidOf(kind: string, name: string, version: string): string {
  const hex = createHash('sha1').update(`${kind}/${name}/${version}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Stores a new application; the controller looks at it at once. */
export function addApplication(sandbox: Sandbox, wanted: Pick<Application, 'metadata' | 'spec'>): ApplicationRecord {
  const state = sandbox.world.argocd;
  const now = sandbox.clock.now();
  const { name, labels, annotations, finalizers } = clone(wanted.metadata);
  const version = nextVersion(state);
  const record: ApplicationRecord = {
    app: {
      metadata: {
        name,
        namespace: ARGOCD_NAMESPACE,
        uid: uidOf('Application', name, version),
        resourceVersion: version,
        generation: 1,
        creationTimestamp: timestamp(now),
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
        ...(finalizers === undefined ? {} : { finalizers }),
      },
      spec: clone(wanted.spec),
      status: {},
    },
    controller: {
      refreshAt: now + 500 + Math.round(1500 * spread(name)),
      operationAt: null,
      wave: 0,
      attempt: 0,
      deletionAt: null,
      cascade: false,
      deployed: [],
      deployedServer: null,
      triedRevision: null,
      renders: 0,
      healedAt: 0,
    },
  };
  state.applications[name] = record;
  notify(state, 'ADDED', record);
  wake(state, record.controller.refreshAt);
  return record;
}

/** Gives a changed application its new version and tells the watchers. */
export function changed(state: ArgoCdState, record: ApplicationRecord, options: { readonly spec?: boolean } = {}): void {
  record.app.metadata.resourceVersion = nextVersion(state);
  if (options.spec === true) record.app.metadata.generation = (record.app.metadata.generation ?? 1) + 1;
  notify(state, 'MODIFIED', record);
}

export function dropApplication(state: ArgoCdState, name: string): void {
  const record = state.applications[name];
  if (record === undefined) return;
  delete state.applications[name];
  notify(state, 'DELETED', record);
}

function notify(state: ArgoCdState, type: 'ADDED' | 'MODIFIED' | 'DELETED', record: ApplicationRecord): void {
  for (const watcher of runtimeOf(state).watchers) watcher({ type, application: record.app });
}

/** Has an application looked at again at `at`. */
export function refreshSoon(state: ArgoCdState, record: ApplicationRecord, at: number): void {
  record.controller.refreshAt = Math.min(record.controller.refreshAt, at);
  wake(state, at);
}

export function putProject(state: ArgoCdState, now: number, wanted: Pick<AppProject, 'metadata' | 'spec'>): AppProject {
  const { name, labels, annotations, finalizers } = clone(wanted.metadata);
  const before = state.projects[name];
  const version = nextVersion(state);
  const project: AppProject = {
    metadata: {
      name,
      namespace: ARGOCD_NAMESPACE,
      uid: before?.metadata.uid ?? uidOf('AppProject', name, version),
      resourceVersion: version,
      generation: (before?.metadata.generation ?? 0) + 1,
      creationTimestamp: before?.metadata.creationTimestamp ?? timestamp(now),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
    spec: clone(wanted.spec),
    status: before?.status ?? {},
  };
  state.projects[name] = project;
  return project;
}
