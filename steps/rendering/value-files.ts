import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';

/** A file of Helm values in Git that an application refers to. */
export interface ValueFile {
  readonly repoURL: string;
  /** As the source names it: a branch, a tag, a commit or HEAD. */
  readonly revision: string;
  /** From the root of the repository. */
  readonly path: string;
}

/**
 * The files of values that an application takes from Git: those that it names, relative to the chart or by the name of another source
 * (`$values/...`), and the chart's own. Source: "Helm value files from external Git repository" in the documentation of Argo CD.
 */
export function valueFilesOf(application: JsonObject): ValueFile[] {
  const { spec } = application;
  if (!isJsonObject(spec)) return [];
  const sources = (Array.isArray(spec.sources) ? spec.sources : [spec.source ?? null]).filter((source: Json) =>
    isJsonObject(source),
  ) as JsonObject[];
  const named = new Map(sources.flatMap((source) => (typeof source.ref === 'string' ? [[source.ref, source] as const] : [])));
  return sources.flatMap((source) => {
    const helm = isJsonObject(source.helm) ? source.helm : {};
    const files = Array.isArray(helm.valueFiles) ? helm.valueFiles.filter((file) => typeof file === 'string') : [];
    const inGit = source.chart === undefined && typeof source.path === 'string' && !textOf(source.repoURL).startsWith('oci://');
    const own = inGit && isJsonObject(source.helm) ? [at(source, join(textOf(source.path), 'values.yaml'))] : [];
    const all = [...own, ...files.flatMap((file) => resolve(file, source, named, inGit))];
    return all.filter((one, index) => all.findIndex((other) => other.path === one.path && other.repoURL === one.repoURL) === index);
  });
}

function resolve(file: string, source: JsonObject, named: ReadonlyMap<string, JsonObject>, inGit: boolean): ValueFile[] {
  if (/^https?:\/\//.test(file)) return [];
  const [, ref = '', path = ''] = /^\$([^/]+)\/(.+)$/.exec(file) ?? [];
  if (ref !== '') {
    const other = named.get(ref);
    return other === undefined ? [] : [at(other, join('', path))];
  }
  if (!inGit) return [];
  return [at(source, file.startsWith('/') ? join('', file) : join(textOf(source.path), file))];
}

function at(source: JsonObject, path: string): ValueFile {
  const revision = textOf(source.targetRevision);
  return { repoURL: textOf(source.repoURL), revision: revision === '' ? 'HEAD' : revision, path };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A path that may climb, from the root of its repository. */
export function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
