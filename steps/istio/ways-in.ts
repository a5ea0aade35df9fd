import type { EndpointKey } from '../endpoints/endpoint-map.ts';
import type { Manifest } from '../manifests/manifest.ts';
import { type Gateway, objectOf, schemeOf, textOf } from './gateway.ts';

const INGRESS_ANNOTATION = 'alb.ingress.kubernetes.io/';
const SERVICE_ANNOTATION = 'service.beta.kubernetes.io/aws-load-balancer-';

/** An object for which the AWS Load Balancer Controller makes a load balancer, and that load balancer. */
export interface WayIn extends EndpointKey {
  readonly kind: 'Service' | 'Ingress';
  readonly namespace: string;
  readonly name: string;
}

/** The gateway's own, unless the estate's values make its Service another. */
export function waysOfGateway({ namespace, name, service: { type, scheme } }: Gateway): WayIn[] {
  if (type !== 'LoadBalancer') return [];
  return [{ kind: 'Service', namespace, name, stack: `${namespace}/${name}`, type: 'network', scheme }];
}

/** Services of type LoadBalancer and Ingresses of class alb. */
export function waysOfManifests(manifests: readonly Manifest[]): WayIn[] {
  return manifests.flatMap((manifest) => fromManifest(manifest) ?? []);
}

function fromManifest({ kind, namespace, name, body }: Manifest): WayIn | null {
  const spec = objectOf(body.spec);
  const annotations = objectOf(objectOf(body.metadata).annotations);
  if (kind === 'Service' && spec.type === 'LoadBalancer') {
    const scheme = schemeOf(annotations[`${SERVICE_ANNOTATION}scheme`]);
    return { kind, namespace, name, stack: `${namespace}/${name}`, type: 'network', scheme };
  }
  const isAlb = (spec.ingressClassName ?? annotations['kubernetes.io/ingress.class']) === 'alb';
  if (kind !== 'Ingress' || !isAlb) return null;
  const group = textOf(annotations[`${INGRESS_ANNOTATION}group.name`]);
  const scheme = schemeOf(annotations[`${INGRESS_ANNOTATION}scheme`]);
  return { kind, namespace, name, stack: group ?? `${namespace}/${name}`, type: 'application', scheme };
}
