import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { RUN_LABEL } from '../naming.ts';
import { recoveredName } from './recovered-name.ts';

/** What the rendering of a recovery depends on, beside the templates. */
export interface RenderContext {
  /** How the templates name the primary cluster. Either form matches. */
  readonly primary: { readonly name?: string | undefined; readonly server?: string | undefined };
  /** The new cluster's name in Argo CD. */
  readonly cluster: string;
  readonly run: string;
  /** The AppProject of this recovery for each one on the primary. An application of any other cannot go to the new cluster. */
  readonly projects: Readonly<Record<string, string>>;
  /** The Argo CD applications to recover, by their name on the primary. */
  readonly applications: ReadonlySet<string>;
  /** What Argo CD found each source of an application to be (Helm, Directory ...), where it is known. */
  readonly sourceTypes: Readonly<Record<string, readonly string[]>>;
  /** Set on every Helm source, in drills. */
  readonly helmParameters: Readonly<Record<string, string>>;
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
export function targetsPrimary(application: JsonObject, primary: RenderContext['primary']): boolean {
  const destination = map(map(application.spec).destination);
  const server = (address: Json | undefined): string | undefined => (typeof address === 'string' ? address.replace(/\/+$/, '') : undefined);
  if (primary.name !== undefined && destination.name === primary.name) return true;
  return primary.server !== undefined && server(destination.server) === server(primary.server);
}

/** The AppProject that an application names; without one it is in `default`. */
export function projectOf(application: JsonObject): string {
  const { project } = map(application.spec);
  return typeof project === 'string' && project !== '' ? project : 'default';
}

/** The application as it shall be on the recovery cluster: another destination, name and project; what it deploys keeps its name. */
export function recoverApplication(application: JsonObject, context: RenderContext): JsonObject {
  const metadata = map(application.metadata);
  const spec = map(application.spec);
  const name = String(metadata.name);
  const project = projectOf(application);
  const recoveredProject = context.projects[project] ?? project;
  const { name: _name, server: _server, ...destination } = map(spec.destination);
  const source = (value: Json, index: number): Json => recoverSource(map(value), name, context, context.sourceTypes[name]?.[index]);

  return {
    ...application,
    metadata: { ...metadata, name: recoveredName(name, context.cluster), labels: { ...map(metadata.labels), [RUN_LABEL]: context.run } },
    spec: {
      ...spec,
      ...(recoveredProject === project ? {} : { project: recoveredProject }),
      destination: { ...destination, name: context.cluster },
      ...(isJsonObject(spec.source) ? { source: source(spec.source, 0) } : {}),
      ...(Array.isArray(spec.sources) ? { sources: spec.sources.map(source) } : {}),
    },
  };
}

/** A Helm release is named after its application unless told otherwise: it must keep its name, or every object would get another. */
function recoverSource(source: JsonObject, application: string, context: RenderContext, type: string | undefined): JsonObject {
  if (!isHelm(source, type)) return source;
  const helm = map(source.helm);
  const parameters = Object.entries(context.helmParameters);
  const releaseName = typeof helm.releaseName === 'string' && helm.releaseName !== '' ? helm.releaseName : application;
  return {
    ...source,
    helm: { ...helm, releaseName, ...(parameters.length === 0 ? {} : { parameters: withParameters(helm.parameters, parameters) }) },
  };
}

function isHelm(source: JsonObject, type: string | undefined): boolean {
  if (source.chart === undefined && source.path === undefined) return false;
  if (source.chart !== undefined || isJsonObject(source.helm)) return true;
  return type === 'Helm';
}

function withParameters(present: Json | undefined, wanted: readonly (readonly [string, string])[]): Json {
  const list: readonly Json[] = Array.isArray(present) ? present : [];
  const named = new Map(wanted);
  const changed = list.map((item) => {
    const value = isJsonObject(item) && typeof item.name === 'string' ? named.get(item.name) : undefined;
    return value === undefined ? item : { ...map(item), value };
  });
  const there = new Set(list.map((item) => map(item).name));
  const added = wanted.filter(([name]) => !there.has(name)).map(([name, value]) => ({ name, value }));
  return [...added, ...changed];
}

function map(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
