import * as z from 'zod';
import type { ClusterRef } from '../clients/clients.ts';
import type { Kubernetes, KubernetesType } from '../clients/kubernetes.ts';
import type { Scope } from '../clients/kubernetes-discovery.ts';
import { type EksDrError, gather } from '../kit/errors.ts';
import type { JsonObject } from '../kit/json.ts';
import type { Resource, Wait } from '../kit/resource.ts';
import { RUN_LABEL } from '../naming.ts';
import { kubernetesObject } from '../resources/kubernetes-object.ts';
import { kubernetesKindsKnown } from '../waits/kubernetes-kinds-known.ts';
import type { Manifest } from './manifest.ts';
import { mistake, type ParsedManifests } from './parse-manifests.ts';

/** Kinds that charts of the same plan bring, so that the cluster need not know them yet: `group Kind` -> scope. */
export type BroughtKinds = Readonly<Record<string, Scope>>;

/**
 * The manifests, when every one of them has its place on the cluster. Throws all mistakes at once: those found in the files, kinds that
 * neither the cluster knows nor `brought` has nor a definition among them, and a namespace that is missing or not wanted.
 */
export async function placeManifests(
  kubernetes: Pick<Kubernetes, 'scopeOf'>,
  { manifests, mistakes }: ParsedManifests,
  brought: BroughtKinds,
): Promise<readonly Manifest[]> {
  const known = { ...brought, ...definedKinds(manifests) };
  const found = await Promise.all(
    manifests.map(async (manifest): Promise<EksDrError[]> => {
      const { apiVersion, kind, place } = manifest;
      const scope = known[`${apiVersion.split('/')[0]} ${kind}`] ?? (await kubernetes.scopeOf(manifest));
      return scope === null
        ? [mistake(place, `the cluster knows no ${kind} of ${apiVersion}`, DEFINE)]
        : namespaceMistakes(manifest, scope);
    }),
  );
  const all = [...mistakes, ...found.flat()];
  if (all.length > 0) throw gather(all);
  return manifests;
}

const DEFINE = 'Put its CustomResourceDefinition into the folder, too, or correct apiVersion and kind; then plan again.';

/** The kinds that the manifests themselves define. */
function definedKinds(manifests: readonly Manifest[]): BroughtKinds {
  return Object.fromEntries(
    manifests.flatMap(({ kind, body }): [string, Scope][] => {
      const parsed = definition.safeParse(body);
      if (kind !== 'CustomResourceDefinition' || !parsed.success) return [];
      const { group, names, scope } = parsed.data.spec;
      return [[`${group} ${names.kind}`, scope]];
    }),
  );
}

const definition = z.object({
  spec: z.object({ group: z.string(), names: z.object({ kind: z.string() }), scope: z.enum(['Namespaced', 'Cluster']) }),
});

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

/** What brings manifests onto the cluster: namespaces and definitions, the wait until their kinds are served, then everything else. */
export function manifestItems(at: ClusterRef, manifests: readonly Manifest[], run: string): (Wait | Resource[])[] {
  const comesFirst = ({ kind }: Manifest): boolean => kind === 'Namespace' || kind === 'CustomResourceDefinition';
  const others = manifests.filter((manifest) => !comesFirst(manifest));
  const wave = (some: readonly Manifest[]): Resource[] => some.map((manifest) => manifestResource(at, manifest, run));
  return [
    wave(manifests.filter(comesFirst)),
    ...(others.length === 0 ? [] : [kubernetesKindsKnown.for({ ...at, kinds: kindsOf(others) })]),
    wave(others),
  ];
}
