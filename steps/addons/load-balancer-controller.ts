import { partitionOf } from '../clients/aws.ts';
import type { Estate } from '../estate/estate.ts';
import { dnsSuffixOf } from '../karpenter/policies.ts';
import type { Json } from '../kit/json.ts';
import { renderJson } from '../templates.ts';
import { type Addon, ourAddon } from './addon.ts';

/** Of the chart, whatever the release is called. */
export const CONTROLLER = { namespace: 'kube-system', serviceAccount: 'aws-load-balancer-controller' } as const;

/** What the chart must be told of the new cluster. */
export interface ControllerFacts {
  readonly cluster: string;
  readonly region: string;
  readonly vpcId: string;
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
}

export function loadBalancerControllerAddon(
  settings: NonNullable<Estate['addons']['loadBalancerController']>,
  facts: ControllerFacts,
): Promise<Addon> {
  return ourAddon('aws-load-balancer-controller', { ...facts }, settings);
}

/** The webhook configurations that the chart makes, and the secret with the certificate behind them. */
export const CONTROLLER_WEBHOOK = 'aws-load-balancer-webhook';
export const CONTROLLER_CERTIFICATE = { namespace: CONTROLLER.namespace, name: 'aws-load-balancer-tls' } as const;

/**
 * What the controller may do. It fits into one managed policy (6,144 characters). Source: the policy that the AWS Load Balancer Controller
 * recommends for 3.5.0, compiled anew: who may tag what, and only what carries the tag of a cluster is changed or deleted.
 */
export function controllerPolicy(region: string): Promise<Json> {
  const facts = { partition: partitionOf(region), dnsSuffix: dnsSuffixOf(region) };
  return renderJson('addons/policies/aws-load-balancer-controller.json.hbs', facts);
}
