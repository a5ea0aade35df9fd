import { findChart } from '../charts/registry.ts';
import { folderId, listTree, readBlob, resolveRef } from '../gitlab/repository.ts';
import type { World } from '../world.ts';
import type { Source } from './application.ts';
import { renderChart } from './helm-chart.ts';
import { mergeValues, setValue } from './helm-set.ts';
import { isObject, type JsonObject } from './json.ts';
import { matches, normalRepo } from './project.ts';
import { runtimeOf } from './runtime.ts';
import { overridden } from './source-overrides.ts';
import { parseMapping, parseYaml } from './yaml.ts';

/** What the repository server makes of a source: the manifests at a commit, or why there are none. */
export type Rendered =
  | { readonly ok: true; readonly revision: string; readonly sourceType: 'Directory' | 'Helm'; readonly objects: readonly JsonObject[] }
  | { readonly ok: false; readonly message: string };

interface Target {
  /** The release's name where the source doesn't pin one. */
  readonly application: string;
  readonly namespace: string;
  /** How often the application was rendered past the cache. */
  readonly renders: number;
}

const MISSING_PATH = 'app path does not exist';

/** Renders a source at a revision (a branch, a sha or HEAD). */
export function renderSource(world: World, source: Source, target: Target, revision: string): Rendered {
  if (source.chart !== undefined || source.repoURL.startsWith('oci://')) return renderPublicChart(world, source, target, revision);
  const repository = findRepository(world, source.repoURL);
  if (repository === null) return failed(`failed to list refs: authentication required: Repository not found.`);
  const commit = resolveRef(world, repository, revision);
  if (commit === null) return failed(`unable to resolve '${revision}' to a commit SHA`);
  const folder = source.path ?? '.';
  const content = folderId(world, repository, commit, folder);
  if (content === null) return failed(`${folder}: ${MISSING_PATH}`);
  const shall = overridden(
    source,
    [SHARED_OVERRIDE, ownOverride(target)].map((name) => readBlob(world, repository, commit, join(folder, name))),
  );
  if ('problem' in shall) return failed(shall.problem);
  const key = JSON.stringify([repository, content, shall.source, target, valueFilesId(world, repository, commit, shall.source)]);
  const { rendered } = runtimeOf(world.argocd);
  const known = rendered.get(key);
  const result = known ?? renderFolder(world, repository, commit, folder, shall.source, target);
  if (known === undefined) remember(rendered, key, result);
  return result.ok ? { ...result, revision: commit } : result;
}

/** The files in a folder that override the source: for whoever deploys it, and for one application. */
const SHARED_OVERRIDE = '.argocd-source.yaml';
const ownOverride = ({ application }: Target): string => `.argocd-source-${application}.yaml`;

/** A chart of a Helm repository or an OCI registry, in the version of the source. */
function renderPublicChart(world: World, source: Source, target: Target, version: string): Rendered {
  const [, repoURL = source.repoURL, last = ''] = source.chart === undefined ? (/^(.*)\/([^/]+)$/.exec(source.repoURL) ?? []) : [];
  const found = findChart(world.argocd.charts, { repoURL, chart: source.chart ?? last, version });
  if ('problem' in found) return failed(found.problem);
  const helm = source.helm ?? {};
  const release = {
    name: helm.releaseName ?? target.application,
    namespace: target.namespace,
    skipCrds: helm.skipCrds === true,
    salt: `${target.application}/${target.renders}`,
  };
  try {
    const inline = helm.valuesObject ?? (helm.values === undefined ? {} : parseMapping(helm.values));
    const values = (helm.parameters ?? []).reduce<JsonObject>(
      (sum, { name, value = '', forceString }) => setValue(sum, name, value, forceString === true),
      inline,
    );
    return { ok: true, revision: version, sourceType: 'Helm', objects: found.render(values, release) };
  } catch (thrown) {
    return failed(`failed to execute helm template command: Error: ${(thrown as Error).message}`);
  }
}

/** The GitLab project behind a repository's address; null for one that Argo CD doesn't know. */
export function findRepository(world: World, url: string): string | null {
  const wanted = normalRepo(url);
  const record = Object.values(world.argocd.repositories).find((one) => normalRepo(one.repo) === wanted);
  return record?.gitlabProject ?? null;
}

const CACHE_LIMIT = 1000;

function remember(cache: Map<string, Rendered>, key: string, value: Rendered): void {
  const oldest = cache.size >= CACHE_LIMIT ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(key, value);
}

function failed(message: string): Rendered {
  return { ok: false, message };
}

function renderFolder(world: World, repository: string, commit: string, folder: string, source: Source, target: Target): Rendered {
  const has = (name: string): boolean => readBlob(world, repository, commit, join(folder, name)) !== null;
  try {
    if (has('Chart.yaml')) {
      return { ok: true, revision: commit, sourceType: 'Helm', objects: renderHelm(world, repository, commit, folder, source, target) };
    }
    if (['kustomization.yaml', 'kustomization.yml', 'Kustomization'].some(has)) return failed('the sandbox does not run kustomize');
    return {
      ok: true,
      revision: commit,
      sourceType: 'Directory',
      objects: renderDirectory(world, repository, commit, folder, source, target),
    };
  } catch (thrown) {
    return failed((thrown as Error).message);
  }
}

function renderHelm(world: World, repository: string, commit: string, folder: string, source: Source, target: Target): JsonObject[] {
  const read = (path: string): string | null => readBlob(world, repository, commit, path)?.toString('utf8') ?? null;
  const helm = source.helm ?? {};
  const chart = parseMapping(read(join(folder, 'Chart.yaml')) ?? '');
  let values = parseMapping(read(join(folder, 'values.yaml')) ?? '');
  for (const file of helm.valueFiles ?? []) {
    const text = read(join(folder, file));
    if (text === null && helm.ignoreMissingValueFiles !== true) throw new Error(`open ${join(folder, file)}: no such file or directory`);
    values = mergeValues(values, parseMapping(text ?? ''));
  }
  // valuesObject takes the place of values, as the documentation says.
  const inline = helm.valuesObject ?? (helm.values === undefined ? {} : parseMapping(helm.values));
  values = mergeValues(values, inline);
  for (const { name, value = '', forceString } of helm.parameters ?? []) values = setValue(values, name, value, forceString === true);
  const release = { name: helm.releaseName ?? target.application, namespace: target.namespace };
  const about = {
    name: String(chart.name ?? ''),
    version: String(chart.version ?? '0.1.0'),
    appVersion: String(chart.appVersion ?? '1.0.0'),
  };
  if (about.name === '') throw new Error(`${join(folder, 'Chart.yaml')}: chart.metadata.name is required`);
  return renderChart(about, release, values);
}

function renderDirectory(world: World, repository: string, commit: string, folder: string, source: Source, target: Target): JsonObject[] {
  const { recurse = false, include, exclude } = source.directory ?? {};
  const root = folder === '.' || folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  const files = (listTree(world, repository, commit, folder) ?? []).filter(({ path }) => {
    const below = path.slice(root.length);
    if (!/\.(ya?ml|json)$/.test(below) || (!recurse && below.includes('/'))) return false;
    return (include === undefined || anyOf(include, below)) && (exclude === undefined || !anyOf(exclude, below));
  });
  return files.flatMap(({ path }) => manifestsOf(readBlob(world, repository, commit, path)?.toString('utf8') ?? '', path, target));
}

function manifestsOf(text: string, path: string, target: Target): JsonObject[] {
  const documents = attempt(() => parseYaml(text), path);
  return documents.flatMap((document) => {
    if (document === null || document === undefined) return [];
    if (!isObject(document) || typeof document.kind !== 'string' || typeof document.apiVersion !== 'string') {
      throw new Error(`failed to unmarshal manifest "${path}": Object 'Kind' is missing`);
    }
    if (document.kind === 'List' && Array.isArray(document.items))
      return (document.items as JsonObject[]).map((item) => inNamespace(item, target));
    return [inNamespace(document, target)];
  });
}

function inNamespace(object: JsonObject, target: Target): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return { ...object, metadata: { namespace: target.namespace, ...metadata } };
}

function attempt<T>(parse: () => T, path: string): T {
  try {
    return parse();
  } catch (thrown) {
    throw new Error(`failed to unmarshal manifest "${path}": ${(thrown as Error).message}`);
  }
}

/** `{a.yaml,b.yaml}` or one pattern. */
function anyOf(pattern: string, path: string): boolean {
  const list = /^\{(.*)\}$/.exec(pattern)?.[1]?.split(',') ?? [pattern];
  return list.some((one) => matches(one.trim(), path));
}

function valueFilesId(world: World, repository: string, commit: string, source: Source): (string | null)[] {
  return (source.helm?.valueFiles ?? []).map((file) => folderId(world, repository, commit, join(source.path ?? '.', file)));
}

/** Joins a folder and a path that may climb (`../values/prod.yaml`); a leading slash starts from the repository's root. */
function join(folder: string, path: string): string {
  const parts = path.startsWith('/') ? path.split('/') : [...folder.split('/'), ...path.split('/')];
  const result: string[] = [];
  for (const part of parts) {
    if (part === '..') result.pop();
    else if (part !== '' && part !== '.') result.push(part);
  }
  return result.join('/');
}
