import type { ClusterRef } from '../clients/clients.ts';
import type { Resource } from '../kit/resource.ts';
import { kubernetesObject } from '../resources/kubernetes-object.ts';
import { carriedOver, type NamespaceToPrepare } from './namespaces-to-prepare.ts';

/** The quotas and limit ranges of the primary, as objects of the new cluster. `own`: the labels by which we know them. */
export function limitObjects(
  { region, cluster }: ClusterRef,
  namespaces: readonly NamespaceToPrepare[],
  own: Readonly<Record<string, string>>,
): Resource[] {
  return namespaces.flatMap(({ name: namespace, limits }) =>
    limits.map(({ kind, name, labels, spec }) =>
      kubernetesObject.resource(
        { region, cluster, apiVersion: 'v1', kind, namespace, name },
        { metadata: { labels: { ...carriedOver(labels), ...own } }, spec },
      ),
    ),
  );
}
