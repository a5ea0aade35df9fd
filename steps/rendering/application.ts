import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';

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
  const destination = placeOf(map(map(application.spec).destination));
  const { name, server } = placeOf(primary);
  return (name !== undefined && destination.name === name) || (server !== undefined && destination.server === server);
}

// The cluster that Argo CD itself runs on has both.
const IN_CLUSTER = { name: 'in-cluster', server: 'https://kubernetes.default.svc' } as const;

function placeOf({ name, server }: { readonly name?: unknown; readonly server?: unknown }): { name?: string; server?: string } {
  const address = typeof server === 'string' && server !== '' ? server.replace(/\/+$/, '') : undefined;
  if (name === IN_CLUSTER.name || address === IN_CLUSTER.server) return IN_CLUSTER;
  return { ...(typeof name === 'string' && name !== '' ? { name } : {}), ...(address === undefined ? {} : { server: address }) };
}

/** The AppProject that an application names; without one it is in `default`. */
export function projectOf(application: JsonObject): string {
  const { project } = map(application.spec);
  return typeof project === 'string' && project !== '' ? project : 'default';
}

function map(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
