import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';

/** How templates name a cluster. Either form matches. */
export interface ClusterNames {
  readonly name?: string | undefined;
  readonly server?: string | undefined;
}

/** Whether a document is an Argo CD Application. */
export function isApplication(value: Json): value is JsonObject {
  return (
    isJsonObject(value) &&
    value.kind === 'Application' &&
    typeof value.apiVersion === 'string' &&
    value.apiVersion.startsWith('argoproj.io/')
  );
}

/** Whether an application is deployed to the primary cluster. */
export function targetsPrimary(application: JsonObject, primary: ClusterNames): boolean {
  const destination = placeOf(objectOf(objectOf(application.spec).destination));
  const { name, server } = placeOf(primary);
  return (name !== undefined && destination.name === name) || (server !== undefined && destination.server === server);
}

// The cluster that Argo CD itself runs on has both.
const IN_CLUSTER = { name: 'in-cluster', server: 'https://kubernetes.default.svc' } as const;

/** A cluster by all the names that are known of it by one: that of Argo CD itself has two. Addresses stand without a slash at their end. */
export function placeOf({ name, server }: { readonly name?: unknown; readonly server?: unknown }): { name?: string; server?: string } {
  const address = typeof server === 'string' && server !== '' ? server.replace(/\/+$/, '') : undefined;
  if (name === IN_CLUSTER.name || address === IN_CLUSTER.server) return IN_CLUSTER;
  return { ...(typeof name === 'string' && name !== '' ? { name } : {}), ...(address === undefined ? {} : { server: address }) };
}

/** The AppProject that an application names; without one it is in `default`. */
export function projectOf(application: JsonObject): string {
  const { project } = objectOf(application.spec);
  return typeof project === 'string' && project !== '' ? project : 'default';
}

/** The name of an application; empty for one without. */
export function nameOf({ metadata }: JsonObject): string {
  const { name } = objectOf(metadata);
  return name === undefined ? '' : String(name);
}

/** The sources of an application, the one or the several. */
export function sourcesOf(spec: JsonObject): readonly JsonObject[] {
  return Array.isArray(spec.sources) && spec.sources.length > 0 ? spec.sources.map(objectOf) : [objectOf(spec.source)];
}
