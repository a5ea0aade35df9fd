import type { ClusterRef } from '../clients/clients.ts';
import type { Kubernetes, KubernetesType } from '../clients/kubernetes.ts';
import type { Scope } from '../clients/kubernetes-discovery.ts';
import { type EksDrError, gather } from '../kit/errors.ts';
import type { JsonObject } from '../kit/json.ts';
import type { Resource } from '../kit/resource.ts';
import { RUN_LABEL } from '../naming.ts';
import { kubernetesObject } from '../resources/kubernetes-object.ts';
import type { Manifest } from './manifest.ts';
import { mistake, type ParsedManifests } from './parse-manifests.ts';

/** Kinds that charts of the same plan bring, so that the cluster need not know them yet: `group Kind` -> scope. */
export type BroughtKinds = Readonly<Record<string, Scope>>;

/**
 * The manifests, when every one of them has its place on the cluster. Throws all mistakes at once: those found in the files, kinds that
 * neither the cluster knows nor `brought` has, and a namespace that is missing or not wanted.
 */
export async function placeManifests(
  kubernetes: Pick<Kubernetes, 'scopeOf'>,
  { manifests, mistakes }: ParsedManifests,
  brought: BroughtKinds,
): Promise<readonly Manifest[]> {
  const found = await Promise.all(
    manifests.map(async (manifest): Promise<EksDrError[]> => {
      const { apiVersion, kind, place } = manifest;
      const scope = brought[`${apiVersion.split('/')[0]} ${kind}`] ?? (await kubernetes.scopeOf(manifest));
      return scope === null
        ? [mistake(place, `the cluster knows no ${kind} of ${apiVersion}`, INSTALL)]
        : namespaceMistakes(manifest, scope);
    }),
  );
  const all = [...mistakes, ...found.flat()];
  if (all.length > 0) throw gather(all);
  return manifests;
}

const INSTALL = 'Install what brings this kind of object (addons.others), or correct apiVersion and kind; then plan again.';

function namespaceMistakes({ kind, name, namespace, place }: Manifest, scope: Scope): EksDrError[] {
  if (scope === 'Namespaced' && namespace === '') return [mistake(place, `${kind} ${name} names no namespace`)];
  if (scope === 'Cluster' && namespace !== '') return [mistake(place, `${kind} ${name} lies in no namespace, but names ${namespace}`)];
  return [];
}

/** The kinds of these manifests, each once. */
export function kindsOf(manifests: readonly Manifest[]): KubernetesType[] {
  const kinds = manifests.map(({ apiVersion, kind }) => ({ apiVersion, kind }));
  return kinds.filter(
    ({ apiVersion, kind }, index) => kinds.findIndex((one) => one.apiVersion === apiVersion && one.kind === kind) === index,
  );
}

/** The object of a manifest, with the run's label. */
export function manifestResource({ region, cluster }: ClusterRef, manifest: Manifest, run: string): Resource {
  const { apiVersion, kind, namespace, name, body } = manifest;
  const metadata = (body.metadata ?? {}) as JsonObject;
  const labels = { ...((metadata.labels ?? {}) as JsonObject), [RUN_LABEL]: run };
  return kubernetesObject.resource({ region, cluster, apiVersion, kind, namespace, name }, { ...body, metadata: { ...metadata, labels } });
}

/** In waves: namespaces before what lies in them. */
export function manifestWaves(at: ClusterRef, manifests: readonly Manifest[], run: string): Resource[][] {
  const isNamespace = ({ apiVersion, kind }: Manifest): boolean => apiVersion === 'v1' && kind === 'Namespace';
  const waves = [manifests.filter(isNamespace), manifests.filter((manifest) => !isNamespace(manifest))];
  return waves.filter((wave) => wave.length > 0).map((wave) => wave.map((manifest) => manifestResource(at, manifest, run)));
}
