import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reasonOf } from '../kit/atomic-file.ts';
import { EksDrError } from '../kit/errors.ts';
import { compareText } from '../kit/text.ts';
import { type Manifest, type ManifestPlace, placeText } from './manifest.ts';
import { mistake, type ParsedManifests, parseManifests } from './parse-manifests.ts';
import type { PlaceholderValues } from './placeholders.ts';

export interface ManifestFolder {
  /** The folder as the estate names it. */
  readonly folder: string;
  /** What a relative folder starts at. */
  readonly estateFolder: string;
  /** Where the estate names it: `addons.istio.manifests`. */
  readonly field: string;
  /** Those that prepare-namespaces leaves alone (`namespaces.exclude`): only these may a manifest make. */
  readonly excludedNamespaces: readonly string[];
}

/** Every manifest in the YAML files of a folder and those below it, files in the order of their names, with every mistake there is. */
export async function readManifests(source: ManifestFolder, values: PlaceholderValues): Promise<ParsedManifests> {
  const { folder, estateFolder, field, excludedNamespaces } = source;
  const root = resolve(estateFolder, folder);
  let files: string[];
  try {
    files = (await readdir(root, { recursive: true })).filter((name) => /\.ya?ml$/.test(name)).sort(compareText);
  } catch (cause) {
    return only(unreadable(folder, field, cause));
  }
  if (files.length === 0) {
    const message = `The folder ${folder} holds no YAML file.`;
    const remedy = `Put the manifests there, or take ${field} out of the estate to have those of EKS-DR.`;
    return only(new EksDrError('input-invalid', { message, target: field, remedy }));
  }
  const parsed = await Promise.all(files.map((name) => readOne(join(root, name), join(folder, name), values)));
  const manifests = parsed.flatMap((file) => file.manifests);
  return {
    manifests,
    mistakes: [...parsed.flatMap(({ mistakes }) => mistakes), ...repetitions(manifests), ...namespacesOfTwo(manifests, excludedNamespaces)],
  };
}

async function readOne(path: string, file: string, values: PlaceholderValues): Promise<ParsedManifests> {
  try {
    return await parseManifests(file, await readFile(path, 'utf8'), values);
  } catch (cause) {
    return only(new EksDrError('input-unreadable', { message: `${file} can't be read: ${reasonOf(cause)}.`, target: file, cause }));
  }
}

function repetitions(manifests: readonly Manifest[]): EksDrError[] {
  const seen = new Map<string, ManifestPlace>();
  return manifests.flatMap(({ apiVersion, kind, namespace, name, place }) => {
    // Another version of the same group is the same object.
    const key = [apiVersion.split('/').slice(0, -1).join('/'), kind, namespace, name].join(' ');
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, place);
      return [];
    }
    return [mistake(place, `${kind} ${name} stands already in ${placeText(first)}`)];
  });
}

// Both would apply it with the same field manager, so that each took the other's labels away.
function namespacesOfTwo(manifests: readonly Manifest[], excluded: readonly string[]): EksDrError[] {
  const both = manifests.filter(({ apiVersion, kind, name }) => apiVersion === 'v1' && kind === 'Namespace' && !excluded.includes(name));
  return both.map(({ name, place }) =>
    mistake(
      place,
      `the Namespace ${name} could be made by prepare-namespaces, too, and each would take the other's labels away`,
      `Name ${name} under namespaces.exclude of the estate, so that only this manifest makes it; or take the manifest out, with its labels under namespaces.labels.`,
    ),
  );
}

function unreadable(folder: string, field: string, cause: unknown): EksDrError {
  return new EksDrError('input-unreadable', {
    message: `The folder ${folder} can't be read: ${reasonOf(cause)}.`,
    target: field,
    remedy: `Correct ${field}: it is relative to the estate file.`,
    cause,
  });
}

function only(error: EksDrError): ParsedManifests {
  return { manifests: [], mistakes: [error] };
}
