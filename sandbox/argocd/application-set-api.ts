import type { SandboxResponse } from '../system.ts';
import type { Call } from './call.ts';
import { json } from './grpc.ts';
import { labelSelector } from './select.ts';
import type { ApplicationSet } from './state.ts';

/** GET applicationsets: by the projects of their templates and by labels; only those of Argo CD's own namespace are there. */
export function listApplicationSets({ state, query }: Call): SandboxResponse {
  const matches = labelSelector(query.get('selector') ?? '');
  const projects = query.getAll('projects').filter((one) => one !== '');
  const namespace = query.get('appsetNamespace') ?? '';
  const items = Object.values(state.applicationSets ?? {})
    .filter(({ metadata }) => matches(metadata.labels ?? {}) && (namespace === '' || namespace === metadata.namespace))
    .filter((set) => projects.length === 0 || projects.includes(projectOf(set)))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return json({ metadata: { resourceVersion: String(state.lastVersion) }, items: items.length === 0 ? null : items });
}

function projectOf({ spec }: ApplicationSet): string {
  return spec.template.spec.project;
}
