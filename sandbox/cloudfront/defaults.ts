import type { XmlObject } from './shape.ts';
import type { DistributionConfig, Origin } from './state.ts';

/** What CreateDistribution fills in, so that reading gives every member that UpdateDistribution wants back. */
export function withDefaults(given: XmlObject): DistributionConfig {
  const config = given as DistributionConfig;
  return {
    ...distributionDefaults(),
    ...config,
    Origins: { ...config.Origins, Items: (config.Origins.Items ?? []).map(originWithDefaults) },
  } as DistributionConfig;
}

function distributionDefaults(): XmlObject {
  return {
    Aliases: { Quantity: 0 },
    DefaultRootObject: '',
    OriginGroups: { Quantity: 0 },
    CacheBehaviors: { Quantity: 0 },
    CustomErrorResponses: { Quantity: 0 },
    Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
    PriceClass: 'PriceClass_All',
    ViewerCertificate: { CloudFrontDefaultCertificate: true, MinimumProtocolVersion: 'TLSv1', CertificateSource: 'cloudfront' },
    Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
    WebACLId: '',
    HttpVersion: 'http2',
    IsIPV6Enabled: false,
    ContinuousDeploymentPolicyId: '',
    Staging: false,
  };
}

/** Members without which UpdateDistribution refuses a configuration: it replaces all of it. */
export const requiredByUpdates: readonly string[] = Object.keys(distributionDefaults()).filter(
  (name) => !['OriginGroups', 'ContinuousDeploymentPolicyId', 'Staging'].includes(name),
);

function originWithDefaults(origin: Origin): Origin {
  const { CustomOriginConfig: custom } = origin;
  return {
    OriginPath: '',
    CustomHeaders: { Quantity: 0 },
    ConnectionAttempts: 3,
    ConnectionTimeout: 10,
    OriginShield: { Enabled: false },
    OriginAccessControlId: '',
    ...origin,
    ...(custom === undefined
      ? {}
      : {
          CustomOriginConfig: {
            OriginSslProtocols: { Quantity: 1, Items: ['TLSv1.2'] },
            OriginReadTimeout: 30,
            OriginKeepaliveTimeout: 5,
            ...(custom as XmlObject),
          },
        }),
  };
}
