import * as z from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ListedMetadata } from '../../clients/kubernetes-pages.ts';
import { clusterOnlyKinds } from '../../estate/platform.ts';
import { EksDrError } from '../../kit/errors.ts';
import { claimsOf } from '../cluster-only/claims.ts';
import { isMadeAnew, isOfAddon, isOfEstate, OTHER_SECRETS } from '../cluster-only/made-anew.ts';
import { trackingOf } from '../cluster-only/tracking.ts';
import { definePart, type PartEstate, sortedBy } from '../part.ts';

const kind = z.enum(clusterOnlyKinds);

const object = z.strictObject({
  kind,
  /** '' for definitions of custom resources. */
  namespace: z.string(),
  name: z.string().min(1),
  /** Who wrote it, as the API server knows them: kubectl-create, helm, terraform ... */
  by: z.array(z.string()),
  /** Of a claim: its volume. */
  volume: z.strictObject({ name: z.string(), storageClass: z.string(), size: z.string() }).optional(),
});

const schema = z
  .strictObject({
    objects: z.array(object),
    /** Kinds that this identity may not list. */
    notSeen: z.array(z.strictObject({ kind, reason: z.string() })),
  })
  .nullable();

export type ClusterOnlyKind = z.infer<typeof kind>;
export type ClusterOnlyObject = z.infer<typeof object>;

type Found = Pick<ListedMetadata, 'name' | 'namespace' | 'managedFields'> & Pick<ClusterOnlyObject, 'volume'>;

/** What exists in the primary alone: no recovery from Git brings it back. Of Secrets and ConfigMaps no more than metadata is read. */
export const clusterOnly = definePart({
  schema,
  words: 'objects that exist only in the cluster',
  system: 'the primary cluster',
  forPeople: true,
  size: (value) => value?.objects.length ?? 0,

  async read(clients, estate) {
    const { region, cluster, argocdDestination } = estate.primary;
    const [kubernetes, argocd] = await Promise.all([clients.kubernetes({ region, cluster }), clients.argocd()]);
    const isTracked = trackingOf(await argocd.listApplications(), argocdDestination);
    const looks = looksAt(kubernetes, estate.namespaces, isTracked);
    const seen = await Promise.all(clusterOnlyKinds.map((one) => seenBy(one, looks[one])));
    const objects = seen.flatMap(({ found }) => found);
    return {
      objects: sortedBy(objects, (each) => `${each.namespace} ${each.kind} ${each.name}`),
      notSeen: seen.flatMap(({ notSeen }) => notSeen),
    };
  },
});

function looksAt(
  kubernetes: Kubernetes,
  namespaces: PartEstate['namespaces'],
  isTracked: ReturnType<typeof trackingOf>,
): Readonly<Record<ClusterOnlyKind, () => Promise<readonly Found[]>>> {
  const untracked = async (group: string, version: string, ofKind: ClusterOnlyKind, fieldSelector?: string) => {
    const type = { apiVersion: group === '' ? version : `${group}/${version}`, kind: ofKind };
    const listed = await kubernetes.listMetadata(type, fieldSelector === undefined ? {} : { fieldSelector });
    return listed.filter((each) => !isMadeAnew(each) && !isTracked({ group, kind: ofKind, ...each }));
  };
  return {
    Secret: async () => (await untracked('', 'v1', 'Secret', OTHER_SECRETS)).filter((each) => !isOfEstate(namespaces, each)),
    ConfigMap: () => untracked('', 'v1', 'ConfigMap'),
    PersistentVolumeClaim: () => claimsOf(kubernetes),
    CustomResourceDefinition: async () =>
      (await untracked('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition')).filter(({ name }) => !isOfAddon(name)),
  };
}

/** Who may list ConfigMaps may not be who may list Secrets. */
async function seenBy(one: ClusterOnlyKind, look: () => Promise<readonly Found[]>) {
  try {
    return { found: (await look()).map((each) => asObject(one, each)), notSeen: [] };
  } catch (thrown) {
    if (!(thrown instanceof EksDrError) || thrown.code !== 'permission-denied') throw thrown;
    return { found: [], notSeen: [{ kind: one, reason: thrown.message }] };
  }
}

function asObject(one: ClusterOnlyKind, { namespace, name, managedFields, volume }: Found): ClusterOnlyObject {
  const writers = managedFields.filter(({ subresource }) => subresource === '').map(({ manager }) => manager);
  const by = sortedBy([...new Set(writers)], (writer) => writer);
  return { kind: one, namespace, name, by, ...(volume === undefined ? {} : { volume }) };
}
