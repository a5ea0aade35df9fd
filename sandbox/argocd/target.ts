import type { Sandbox } from '../system.ts';
import { type Source, sourcesOf } from './application.ts';
import { findDestination } from './clusters.ts';
import type { JsonObject } from './json.ts';
import { renderSource } from './render.ts';
import type { ApplicationRecord } from './state.ts';

/** What should be there, at a commit. */
export interface Target {
  readonly objects: readonly JsonObject[];
  readonly revision: string;
  readonly sourceType: string;
}

/** What the sources of an application say should be there; `at` pins them to a revision. */
export function targetOf(sandbox: Sandbox, { app, controller }: ApplicationRecord, at?: string): Target | { readonly problem: string } {
  const destination = findDestination(sandbox.world, app.spec.destination);
  const namespace = app.spec.destination.namespace ?? '';
  if ('problem' in destination) return { problem: destination.problem };
  const sources = sourcesOf(app.spec);
  const objects: JsonObject[] = [];
  let [revision, sourceType] = ['', 'Directory'];
  for (const [index, source] of sources.entries()) {
    const to = { application: app.metadata.name, namespace, renders: controller.renders };
    const rendered = renderSource(sandbox.world, source, to, at ?? revisionOf(source));
    if (!rendered.ok)
      return {
        problem: `failed to generate manifest for source ${index + 1} of ${sources.length}: rpc error: code = Unknown desc = ${rendered.message}`,
      };
    objects.push(...rendered.objects);
    [revision, sourceType] = [rendered.revision, rendered.sourceType];
  }
  return { objects, revision, sourceType };
}

function revisionOf(source: Source): string {
  return source.targetRevision === undefined || source.targetRevision === '' ? 'HEAD' : source.targetRevision;
}
