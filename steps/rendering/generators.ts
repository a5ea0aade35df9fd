/** The part of a folder that plain manifests are: what is neither a file that generates others nor lies below one that does. */
export function plainFiles<F extends { readonly path: string }>(files: readonly F[]): F[] {
  const generators = files.filter(({ path }) => generatorOf(path) !== null).map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
  return files.filter(({ path }) => generatorOf(path) === null && !generators.some((folder) => path.startsWith(folder)));
}

/** What generates applications from a file of this name; null for plain ones. */
export function generatorOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'Chart.yaml') return 'a Helm chart';
  if (/^kustomization(\.ya?ml)?$/i.test(name)) return 'a kustomization';
  return name.endsWith('.jsonnet') ? 'Jsonnet' : null;
}

/** The folder of a recovery for applications that no plain template defines. */
const GENERATED = 'generated';

/** Where such an application stands, relative to the folder of the templates. */
export function generatedPath(application: string): string {
  return `${GENERATED}/${application}.yaml`;
}
