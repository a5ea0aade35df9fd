import { partitionOf } from '../clients/aws.ts';
import type { Json } from '../kit/json.ts';
import { renderJson } from '../templates.ts';

/** What Karpenter's controller may do, told apart by what it is for. Each becomes a managed policy: all together are longer than one may be. */
const parts = ['node-lifecycle', 'iam-integration', 'eks-integration', 'interruption', 'zonal-shift', 'resource-discovery'] as const;

export interface ControllerPolicy {
  readonly part: string;
  readonly document: Json;
}

export interface PolicyFacts {
  readonly cluster: string;
  readonly region: string;
  readonly accountId: string;
  readonly nodeRoleArn: string;
  /** The name of the interruption queue; null: there is none, and no policy for it. */
  readonly queue: string | null;
}

/** Source: the controller policies that Karpenter's documentation recommends for 1.14. */
export async function controllerPolicies({ cluster, region, accountId, nodeRoleArn, queue }: PolicyFacts): Promise<ControllerPolicy[]> {
  const partition = partitionOf(region);
  const facts = { cluster, region, partition, account: accountId, nodeRoleArn, queue: queue ?? '', dnsSuffix: dnsSuffixOf(region) };
  const wanted = parts.filter((part) => part !== 'interruption' || queue !== null);
  return Promise.all(wanted.map(async (part) => ({ part, document: await renderJson(`karpenter/policies/${part}.json.hbs`, facts) })));
}

/** The domain of the service principals that differ by partition, EC2's among them. */
export function dnsSuffixOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
