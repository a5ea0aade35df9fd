import type { Kubernetes } from '../clients/kubernetes.ts';
import type { Estate } from '../estate/estate.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import { conditionOf } from '../waits/cluster-args.ts';

export type Karpenter = NonNullable<Estate['addons']['karpenter']>;

/** By this label Karpenter marks its nodes, NodeClaims and instances. */
export const NODE_POOL_LABEL = 'karpenter.sh/nodepool';

/** The name of the interruption queue among the outputs of the Terraform module; null where the estate has none. */
export function interruptionQueue({ interruptionQueueOutput: output }: Karpenter, values: Readonly<Record<string, Json>>): string | null {
  if (output === undefined) return null;
  const value = values[output];
  if (typeof value === 'string' && value !== '') return value;
  const found = value === undefined ? `has no output ${output}` : `gives ${JSON.stringify(value)} as output ${output}`;
  throw new EksDrError('input-invalid', {
    message: `Karpenter needs the name of its interruption queue, but the Terraform module ${found}.`,
    target: 'addons.karpenter.interruptionQueueOutput',
    remedy: `Let the module give the queue's name as output ${output} (not sensitive) and run create-cluster again; or name another output in the estate, or none.`,
  });
}

/** Karpenter's two pods never share a node, nor run on nodes that Karpenter brought: on a single one, the second would wait for ever. */
export async function replicas(kubernetes: Pick<Kubernetes, 'list'>): Promise<1 | 2> {
  const nodes = await kubernetes.list({ apiVersion: 'v1', kind: 'Node' });
  const usable = nodes.filter(
    (node) => node.metadata.labels?.[NODE_POOL_LABEL] === undefined && conditionOf(node, 'Ready')?.status === 'True',
  );
  return usable.length >= 2 ? 2 : 1;
}
