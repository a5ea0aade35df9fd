import type { Destination, Metadata, Source } from './application.ts';
import type { JsonObject } from './json.ts';

export interface GroupKind {
  group: string;
  kind: string;
}

export interface ProjectSpec {
  description?: string;
  sourceRepos?: string[];
  destinations?: Destination[];
  clusterResourceWhitelist?: GroupKind[];
  clusterResourceBlacklist?: GroupKind[];
  namespaceResourceWhitelist?: GroupKind[];
  namespaceResourceBlacklist?: GroupKind[];
  [other: string]: unknown;
}

export interface AppProject {
  metadata: Metadata;
  spec: ProjectSpec;
  status: JsonObject;
}

/** A destination as a project looks at it: both names of the cluster. */
export interface ResolvedDestination {
  readonly server: string;
  readonly name: string;
  readonly namespace: string;
}

export function permitsSource(project: AppProject, source: Source): boolean {
  const wanted = normalRepo(source.repoURL);
  const patterns = project.spec.sourceRepos ?? [];
  const denied = patterns.some((pattern) => pattern.startsWith('!') && matches(normalRepo(pattern.slice(1)), wanted));
  return !denied && patterns.some((pattern) => !pattern.startsWith('!') && (pattern === '*' || matches(normalRepo(pattern), wanted)));
}

/** One of the entries names the server or the cluster's name, and the namespace; entries that start with `!` deny. */
export function permitsDestination(project: AppProject, destination: ResolvedDestination): boolean {
  const entries = project.spec.destinations ?? [];
  const denied = entries.some((entry) => isDenial(entry) && matchesEntry(undenied(entry), destination));
  return !denied && entries.some((entry) => !isDenial(entry) && matchesEntry(entry, destination));
}

/** Cluster-scoped kinds must be listed, namespaced ones must not be denied. */
export function permitsKind(project: AppProject, kind: GroupKind, namespaced: boolean): boolean {
  const { spec } = project;
  const listed = (list: readonly GroupKind[] | undefined): boolean =>
    (list ?? []).some((one) => matches(one.group, kind.group) && matches(one.kind, kind.kind));
  if (!namespaced) return listed(spec.clusterResourceWhitelist) && !listed(spec.clusterResourceBlacklist);
  const allowed = spec.namespaceResourceWhitelist === undefined || listed(spec.namespaceResourceWhitelist);
  return allowed && !listed(spec.namespaceResourceBlacklist);
}

/** Addresses of one repository that differ in case, `.git` or a slash at the end are the same to Argo CD. */
export function normalRepo(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}

function isDenial({ server = '', name = '', namespace = '' }: Destination): boolean {
  return [server, name, namespace].some((text) => text.startsWith('!'));
}

function undenied(entry: Destination): Destination {
  const plain = (text = ''): string => text.replace(/^!/, '');
  return { server: plain(entry.server), name: plain(entry.name), namespace: plain(entry.namespace) };
}

function matchesEntry(entry: Destination, destination: ResolvedDestination): boolean {
  const byServer = destination.server !== '' && matches(entry.server ?? '', destination.server);
  const byName = destination.name !== '' && matches(entry.name ?? '', destination.name);
  return (byServer || byName) && matches(entry.namespace ?? '', destination.namespace);
}

export function matches(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  if (!/[*?]/.test(pattern)) return false;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
