import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';
import { sourcesOf } from './application.ts';

/** A file in Git that an application refers to. */
export interface GitFile {
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
export function valueFilesOf(application: JsonObject): GitFile[] {
  const sources = sourcesOf(objectOf(application.spec));
  const named = new Map(sources.flatMap((source) => (typeof source.ref === 'string' ? [[source.ref, source] as const] : [])));
  return sources.flatMap((source) => {
    const helm = objectOf(source.helm);
    const files = Array.isArray(helm.valueFiles) ? helm.valueFiles.filter((file) => typeof file === 'string') : [];
    const inGit = source.chart === undefined && typeof source.path === 'string' && !textOf(source.repoURL).startsWith('oci://');
    const own = inGit && isJsonObject(source.helm) ? [gitFile(source, join(textOf(source.path), 'values.yaml'))] : [];
    const all = [...own, ...files.flatMap((file) => resolve(file, source, named, inGit))];
    return all.filter((one, index) => all.findIndex((other) => other.path === one.path && other.repoURL === one.repoURL) === index);
  });
}

function resolve(file: string, source: JsonObject, named: ReadonlyMap<string, JsonObject>, inGit: boolean): GitFile[] {
  if (/^https?:\/\//.test(file)) return [];
  const [, ref = '', path = ''] = /^\$([^/]+)\/(.+)$/.exec(file) ?? [];
  if (ref !== '') {
    const other = named.get(ref);
    return other === undefined ? [] : [gitFile(other, join('', path))];
  }
  if (!inGit) return [];
  return [gitFile(source, file.startsWith('/') ? join('', file) : join(textOf(source.path), file))];
}

/** A file in the repository of a source, at its revision. */
export function gitFile(source: JsonObject, path: string): GitFile {
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
