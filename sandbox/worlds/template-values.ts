import { ACCOUNT_ID, PRIMARY_REGION } from './names.ts';
import type { Service } from './services.ts';

/** What a service overrides in the chart. Registry and certificates name the region, as they do in real life. */
export interface ServiceValues {
  readonly replicaCount: number;
  readonly image: { readonly repository: string; readonly tag: string };
  readonly service?: { readonly type: string; readonly annotations: Readonly<Record<string, string>> };
  readonly ingress?: { readonly enabled: boolean; readonly host: string; readonly annotations: Readonly<Record<string, string>> };
  readonly env: Readonly<Record<string, string>>;
}

export function valuesOf(service: Service): ServiceValues {
  const { name, exposure, replicas, team } = service;
  return {
    replicaCount: replicas,
    image: { repository: `${ACCOUNT_ID}.dkr.ecr.${PRIMARY_REGION}.amazonaws.com/shop/${name}`, tag: `1.${name.length}.${team.length}` },
    ...(exposure === 'network' || exposure === 'network-internal'
      ? { service: { type: 'LoadBalancer', annotations: networkAnnotations(service) } }
      : {}),
    ...(exposure === 'application'
      ? { ingress: { enabled: true, host: `${team}.shop.example.com`, annotations: applicationAnnotations(service) } }
      : {}),
    env: { LOG_LEVEL: 'info', AWS_REGION: PRIMARY_REGION },
  };
}

export function networkAnnotations({ exposure }: Pick<Service, 'exposure'>): Record<string, string> {
  const prefix = 'service.beta.kubernetes.io/aws-load-balancer';
  return {
    [`${prefix}-type`]: 'external',
    [`${prefix}-nlb-target-type`]: 'ip',
    [`${prefix}-scheme`]: exposure === 'network-internal' ? 'internal' : 'internet-facing',
  };
}

function applicationAnnotations({ team }: Pick<Service, 'team'>): Record<string, string> {
  const prefix = 'alb.ingress.kubernetes.io';
  return {
    [`${prefix}/scheme`]: 'internet-facing',
    [`${prefix}/target-type`]: 'ip',
    [`${prefix}/listen-ports`]: '[{"HTTPS": 443}]',
    [`${prefix}/certificate-arn`]: certificateArn(team),
  };
}

/** A certificate of the primary's region; its id is made from the team's name. */
function certificateArn(team: string): string {
  const hex = Buffer.from(team.padEnd(16, '.')).toString('hex').slice(0, 32);
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return `arn:aws:acm:${PRIMARY_REGION}:${ACCOUNT_ID}:certificate/${id}`;
}
