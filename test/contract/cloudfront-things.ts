import type { DistributionConfig, Origin } from '@aws-sdk/client-cloudfront';
import { unique } from './unique.ts';

/** A configuration with as little in it as CreateDistribution takes, for these origins; the first is the default one. */
export function distributionWith(...origins: readonly Origin[]): DistributionConfig {
  return {
    CallerReference: unique('contract'),
    Comment: 'contract',
    Enabled: true,
    Origins: { Quantity: origins.length, Items: [...origins] },
    DefaultCacheBehavior: {
      TargetOriginId: origins[0]?.Id,
      ViewerProtocolPolicy: 'redirect-to-https',
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    },
  };
}

export function customOrigin(Id: string, DomainName: string): Origin {
  return { Id, DomainName, CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' } };
}

/** The ARN of a load balancer that need not be there. */
export function loadBalancerArn(name: string): string {
  return `arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/${name}/50dc6c495c0c9188`;
}
