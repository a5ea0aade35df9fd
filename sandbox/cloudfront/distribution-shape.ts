import { counted, list, node } from './shape.ts';

const sslProtocols = counted('SslProtocol');
const methods = counted('Method', 'text', { CachedMethods: counted('Method') });
const names = counted('Name');

const origin = node(
  { Id: 'text', DomainName: 'text' },
  {
    OriginPath: 'text',
    CustomHeaders: counted('OriginCustomHeader', node({ HeaderName: 'text', HeaderValue: 'text' })),
    S3OriginConfig: node({ OriginAccessIdentity: 'text' }, { OriginReadTimeout: 'number' }),
    CustomOriginConfig: node(
      { HTTPPort: 'number', HTTPSPort: 'number', OriginProtocolPolicy: 'text' },
      {
        OriginSslProtocols: sslProtocols,
        OriginReadTimeout: 'number',
        OriginKeepaliveTimeout: 'number',
        IpAddressType: 'text',
        OriginMtlsConfig: node({ ClientCertificateArn: 'text' }),
      },
    ),
    VpcOriginConfig: node(
      { VpcOriginId: 'text' },
      { OwnerAccountId: 'text', OriginReadTimeout: 'number', OriginKeepaliveTimeout: 'number' },
    ),
    ConnectionAttempts: 'number',
    ConnectionTimeout: 'number',
    ResponseCompletionTimeout: 'number',
    OriginShield: node({ Enabled: 'flag' }, { OriginShieldRegion: 'text' }),
    OriginAccessControlId: 'text',
  },
);

const forwardedValues = node(
  { QueryString: 'flag', Cookies: node({ Forward: 'text' }, { WhitelistedNames: names }) },
  { Headers: names, QueryStringCacheKeys: names },
);

const behaviourMembers = {
  TrustedSigners: counted('AwsAccountNumber', 'text', { Enabled: 'flag' }),
  TrustedKeyGroups: counted('KeyGroup', 'text', { Enabled: 'flag' }),
  AllowedMethods: methods,
  SmoothStreaming: 'flag',
  Compress: 'flag',
  LambdaFunctionAssociations: counted(
    'LambdaFunctionAssociation',
    node({ LambdaFunctionARN: 'text', EventType: 'text' }, { IncludeBody: 'flag' }),
  ),
  FunctionAssociations: counted('FunctionAssociation', node({ FunctionARN: 'text', EventType: 'text' })),
  FieldLevelEncryptionId: 'text',
  RealtimeLogConfigArn: 'text',
  CachePolicyId: 'text',
  OriginRequestPolicyId: 'text',
  ResponseHeadersPolicyId: 'text',
  GrpcConfig: node({ Enabled: 'flag' }),
  ForwardedValues: forwardedValues,
  MinTTL: 'number',
  DefaultTTL: 'number',
  MaxTTL: 'number',
} as const;

const originGroup = node(
  {
    Id: 'text',
    FailoverCriteria: node({ StatusCodes: counted('StatusCode', 'number') }),
    Members: counted('OriginGroupMember', node({ OriginId: 'text' })),
  },
  { SelectionCriteria: 'text' },
);

/** DistributionConfig, as CreateDistribution documents it. */
export const distributionConfig = node(
  {
    CallerReference: 'text',
    Origins: counted('Origin', origin),
    DefaultCacheBehavior: node({ TargetOriginId: 'text', ViewerProtocolPolicy: 'text' }, behaviourMembers),
    Comment: 'text',
    Enabled: 'flag',
  },
  {
    Aliases: counted('CNAME'),
    DefaultRootObject: 'text',
    OriginGroups: counted('OriginGroup', originGroup),
    CacheBehaviors: counted(
      'CacheBehavior',
      node({ PathPattern: 'text', TargetOriginId: 'text', ViewerProtocolPolicy: 'text' }, behaviourMembers),
    ),
    CustomErrorResponses: counted(
      'CustomErrorResponse',
      node({ ErrorCode: 'number' }, { ResponsePagePath: 'text', ResponseCode: 'text', ErrorCachingMinTTL: 'number' }),
    ),
    Logging: node({}, { Enabled: 'flag', IncludeCookies: 'flag', Bucket: 'text', Prefix: 'text' }),
    PriceClass: 'text',
    ViewerCertificate: node(
      {},
      {
        CloudFrontDefaultCertificate: 'flag',
        IAMCertificateId: 'text',
        ACMCertificateArn: 'text',
        SSLSupportMethod: 'text',
        MinimumProtocolVersion: 'text',
        Certificate: 'text',
        CertificateSource: 'text',
      },
    ),
    Restrictions: node({ GeoRestriction: counted('Location', 'text', { RestrictionType: 'text' }) }),
    WebACLId: 'text',
    HttpVersion: 'text',
    IsIPV6Enabled: 'flag',
    ContinuousDeploymentPolicyId: 'text',
    Staging: 'flag',
    AnycastIpListId: 'text',
    ConnectionMode: 'text',
    CacheTagConfig: node({ HeaderName: 'text' }),
  },
);

export const vpcOriginEndpoint = node(
  { Name: 'text', Arn: 'text', HTTPPort: 'number', HTTPSPort: 'number', OriginProtocolPolicy: 'text' },
  { OriginSslProtocols: sslProtocols, IpAddressType: 'text' },
);

export const tagSet = node({}, { Items: list('Tag', node({ Key: 'text' }, { Value: 'text' })) });
export const tagKeys = node({}, { Items: list('Key') });
