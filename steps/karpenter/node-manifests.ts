import type { ClusterRef } from '../clients/clients.ts';
import { type EksDrError, gather } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import type { Run } from '../kit/run.ts';
import type { Manifest } from '../manifests/manifest.ts';
import { mistake, type ParsedManifests } from '../manifests/parse-manifests.ts';
import type { BroughtKinds } from '../manifests/place-manifests.ts';
import { readManifests } from '../manifests/read-folder.ts';
import { renderManifests, together } from '../manifests/render-manifests.ts';
import type { Karpenter } from './settings.ts';

/** The kinds that the chart `karpenter-crd` brings. */
export const karpenterKinds: BroughtKinds = {
  'karpenter.k8s.aws EC2NodeClass': 'Cluster',
  'karpenter.sh NodePool': 'Cluster',
  'karpenter.sh NodeClaim': 'Cluster',
  'karpenter.sh NodeOverlay': 'Cluster',
  'autoscaling.x-k8s.io CapacityBuffer': 'Namespaced',
};

/** The manifests of nodes, sorted by what must be there before. */
export interface NodeManifests {
  readonly nodeClasses: readonly Manifest[];
  readonly nodePools: readonly Manifest[];
  readonly others: readonly Manifest[];
}

export interface NodeFacts {
  readonly at: ClusterRef;
  readonly run: Pick<Run, 'id'>;
  /** The name of the nodes' role. */
  readonly nodeRole: string;
  /** The id of the group that EKS made for the cluster. */
  readonly clusterSecurityGroup: string;
  readonly estateFolder: string;
  readonly excludedNamespaces: readonly string[];
}

/** NodePools and EC2NodeClasses: the user's own folder, or one of each from our templates. */
export function nodeManifests({ manifests: folder, nodePool }: Karpenter, facts: NodeFacts): Promise<ParsedManifests> {
  const { at, run, nodeRole, clusterSecurityGroup, estateFolder, excludedNamespaces } = facts;
  const known = { cluster: at.cluster, region: at.region, run: run.id, nodeRole };
  if (folder !== undefined) return readManifests({ folder, estateFolder, field: 'addons.karpenter.manifests', excludedNamespaces }, known);
  const { instanceGenerationsAbove, ...rest } = nodePool;
  return Promise.all([
    renderManifests('karpenter/node-class.yaml.hbs', { ...known, clusterSecurityGroup, amiAlias: nodePool.amiAlias }),
    renderManifests('karpenter/node-pool.yaml.hbs', { ...rest, instanceGenerationsAbove: [String(instanceGenerationsAbove)] }),
  ]).then(together);
}

/** Throws, all at once, where there is no NodePool, and for each that names an EC2NodeClass which is not among them. */
export function sortNodeManifests(manifests: readonly Manifest[], folder: string): NodeManifests {
  const nodeClasses = manifests.filter(({ kind }) => kind === 'EC2NodeClass');
  const nodePools = manifests.filter(({ kind }) => kind === 'NodePool');
  const mistakes = nodePools.flatMap((pool): EksDrError[] => {
    const name = member(pool.body, 'spec', 'template', 'spec', 'nodeClassRef', 'name');
    if (nodeClasses.some((nodeClass) => nodeClass.name === name)) return [];
    return [mistake(pool.place, `NodePool ${pool.name} names the EC2NodeClass ${String(name ?? '')}, which is not here`)];
  });
  if (nodePools.length === 0)
    mistakes.push(mistake({ file: folder, document: 1, line: 1 }, 'no document is a NodePool, without which Karpenter brings no node'));
  if (mistakes.length > 0) throw gather(mistakes);
  const others = manifests.filter((manifest) => !nodeClasses.includes(manifest) && !nodePools.includes(manifest));
  return { nodeClasses, nodePools, others };
}

function member(value: JsonObject, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => (inner !== undefined && isJsonObject(inner) ? inner[key] : undefined), value);
}
