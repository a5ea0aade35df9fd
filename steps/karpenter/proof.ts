import type { ClusterRef } from '../clients/clients.ts';
import type { Resource } from '../kit/resource.ts';
import type { Run } from '../kit/run.ts';
import { RUN_LABEL } from '../naming.ts';
import { kubernetesObject } from '../resources/kubernetes-object.ts';
import { type Karpenter, NODE_POOL_LABEL } from './settings.ts';

/** Where the pod that needs a new node is. kube-system is there from the start, and no add-on's webhook looks at it. */
export const PROOF = { namespace: 'kube-system', name: 'eks-dr-karpenter-proof' } as const;

export function isProofWanted({ proof }: Karpenter, { mode }: Pick<Run, 'mode'>): boolean {
  return proof === 'always' || (proof === 'recover' && mode === 'recover');
}

/**
 * A job whose one pod fits on nodes of this NodePool alone, so that it stays pending until Karpenter has brought one. It ends by itself,
 * keeps no node, and stays as the proof: a rerun finds it done instead of asking for another node, and an undo takes it away.
 */
export function proofJob(
  at: ClusterRef,
  nodePool: string,
  { run, image }: { readonly run: Pick<Run, 'id'>; readonly image: string },
): Resource {
  const { namespace, name } = PROOF;
  const { region, cluster } = at;
  return kubernetesObject.resource(
    { region, cluster, apiVersion: 'batch/v1', kind: 'Job', namespace, name },
    {
      metadata: { labels: { [RUN_LABEL]: run.id } },
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            nodeSelector: { [NODE_POOL_LABEL]: nodePool },
            // Whatever taints the user's NodePool gives its nodes.
            tolerations: [{ operator: 'Exists' }],
            containers: [{ name: 'proof', image, command: ['true'], resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
          },
        },
      },
    },
  );
}
