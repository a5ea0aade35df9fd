import { CloudFront, type DistributionConfig, type Origin, type VpcOriginEndpointConfig } from '@aws-sdk/client-cloudfront';
import { eventually } from '../eventually.ts';
import type { Aws } from '../subjects/aws.ts';
import { unique } from '../unique.ts';

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
export function loadBalancerArn(account: string, name: string): string {
  return `arn:aws:elasticloadbalancing:eu-central-1:${account}:loadbalancer/app/${name}/50dc6c495c0c9188`;
}

export function cloudfrontClient({ config }: Aws): CloudFront {
  return new CloudFront(config({ region: 'us-east-1' }));
}

/** A distribution as it is right after it was made. */
export interface Made {
  readonly id: string;
  readonly arn: string;
  readonly etag: string;
  readonly config: DistributionConfig;
}

export async function newDistribution(client: CloudFront, DistributionConfig: DistributionConfig): Promise<Made> {
  const { Distribution } = await client.createDistribution({ DistributionConfig });
  const id = Distribution?.Id ?? '';
  const { ETag = '', DistributionConfig: config } = await client.getDistributionConfig({ Id: id });
  if (config === undefined) throw new Error('a distribution without a configuration');
  return { id, arn: Distribution?.ARN ?? '', etag: ETag, config };
}

/** The configuration with another comment. */
export function commented(config: DistributionConfig, Comment: string): DistributionConfig {
  return { ...config, Comment };
}

export async function newVpcOrigin(aws: Aws, name = unique('contract')): Promise<{ readonly id: string }> {
  const { VpcOrigin } = await cloudfrontClient(aws).createVpcOrigin({ VpcOriginEndpointConfig: vpcEndpoint(aws, name) });
  return { id: VpcOrigin?.Id ?? '' };
}

export function vpcEndpoint({ account }: Pick<Aws, 'account'>, Name: string): VpcOriginEndpointConfig {
  return { Name, Arn: loadBalancerArn(account, 'shop'), HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' };
}

/** The ETag once CloudFront reaches the load balancer. */
export async function deployed(client: CloudFront, Id: string): Promise<string> {
  const { ETag = '' } = await eventually(
    () => client.getVpcOrigin({ Id }),
    ({ VpcOrigin }) => VpcOrigin?.Status === 'Deployed',
  );
  return ETag;
}
