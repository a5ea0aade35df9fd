import type { Estate } from '../estate/estate.ts';
import type { JsonObject } from '../kit/json.ts';
import type { Run } from '../kit/run.ts';
import { RUN_TAG } from '../naming.ts';

export type Istio = NonNullable<Estate['addons']['istio']>;

/** Where a gateway's pod says whether it is ready: it answers before any Gateway resource opens a port for traffic. */
export const READINESS = { port: 15021, path: '/healthz/ready' } as const;

/** The tag by which what a run left behind is found, as the controller takes tags. */
export function runTag({ id }: Pick<Run, 'id'>): string {
  return `${RUN_TAG}=${id}`;
}

const ANNOTATION = 'service.beta.kubernetes.io/aws-load-balancer-';

/**
 * The gateway's Service. `service`: the AWS Load Balancer Controller makes a network load balancer for it, which sends traffic to the pods.
 * With certificates TLS ends at the load balancer, so that both ports come to the pods' plain one; without, it passes TLS on.
 * Annotations: kubernetes-sigs.github.io/aws-load-balancer-controller, guide/service/annotations.
 */
export function gatewayService({ ingress, scheme, certificateArns }: Istio, run: Pick<Run, 'id'>): JsonObject {
  const plain = { name: 'http2', port: 80, protocol: 'TCP', targetPort: 80 };
  if (ingress === 'alb') return { type: 'ClusterIP', ports: [plain] };
  const ends = certificateArns.length > 0;
  return {
    type: 'LoadBalancer',
    loadBalancerClass: 'service.k8s.aws/nlb',
    ports: [plain, { name: 'https', port: 443, protocol: 'TCP', targetPort: ends ? 80 : 443 }],
    annotations: {
      [`${ANNOTATION}nlb-target-type`]: 'ip',
      [`${ANNOTATION}scheme`]: scheme,
      [`${ANNOTATION}additional-resource-tags`]: runTag(run),
      [`${ANNOTATION}healthcheck-protocol`]: 'http',
      [`${ANNOTATION}healthcheck-port`]: String(READINESS.port),
      [`${ANNOTATION}healthcheck-path`]: READINESS.path,
      ...(ends ? { [`${ANNOTATION}ssl-cert`]: certificateArns.join(','), [`${ANNOTATION}ssl-ports`]: 'https' } : {}),
    },
  };
}
