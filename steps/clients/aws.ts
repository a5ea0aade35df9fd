import type { APIGateway } from '@aws-sdk/client-api-gateway';
import type { ApiGatewayV2 as ApiGatewayV2Sdk } from '@aws-sdk/client-apigatewayv2';
import type { CloudFront as CloudFrontSdk } from '@aws-sdk/client-cloudfront';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { EKS } from '@aws-sdk/client-eks';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAM } from '@aws-sdk/client-iam';
import type { Route53 as Route53Sdk } from '@aws-sdk/client-route-53';
import type { STS } from '@aws-sdk/client-sts';
import type { Clock } from '../kit/clock.ts';
import { createRateLimiter, type RateLimiter } from '../kit/rate-limit.ts';
import { FIELD_MANAGER } from '../naming.ts';
import { foreignAnswer, isThrottled, translateAwsError } from './aws-errors.ts';
import { ANSWER_SECONDS, limits } from './limits.ts';
import { memoised, once } from './memoised.ts';
import type { S3 } from './s3.ts';

export type ApiGateway = APIGateway;
export type ApiGatewayV2 = ApiGatewayV2Sdk;
export type CloudFront = CloudFrontSdk;
export type Eks = EKS;
export type Ec2 = EC2;
export type Elb = ElasticLoadBalancingV2;
export type Iam = IAM;
export type Route53 = Route53Sdk;
export type Sts = STS;

export interface Aws {
  sts(region: string): Promise<Sts>;
  eks(region: string): Promise<Eks>;
  ec2(region: string): Promise<Ec2>;
  elb(region: string): Promise<Elb>;
  iam(): Promise<Iam>;
  route53(): Promise<Route53>;
  cloudfront(): Promise<CloudFront>;
  /** REST APIs. */
  apiGateway(region: string): Promise<ApiGateway>;
  /** HTTP and WebSocket APIs, and VPC links of the second version, which REST APIs may use too. */
  apiGatewayV2(region: string): Promise<ApiGatewayV2>;
  /** Without a region: the one that the run recovers to, from which S3 leads on to the bucket's. */
  s3(region?: string): Promise<S3>;
}

/** The shape of any SDK client, as far as we touch it. The SDK types its middleware per client. */
interface AnyClient {
  readonly middlewareStack: {
    add(middleware: unknown, options: unknown): void;
    addRelativeTo(middleware: unknown, options: unknown): void;
  };
}

/**
 * The AWS clients, one per service and region. Credentials, region files and AWS_ENDPOINT_URL* follow the SDK's default chain.
 * Every attempt waits for its turn under `limits`; every error leaves as an EksDrError.
 */
export function connectAws(options: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly homeRegion: string;
  readonly answerSeconds?: number | undefined;
}): Aws {
  const { clock, signal, answerSeconds = ANSWER_SECONDS } = options;
  const settings = (region: string) => clientSettings(region, answerSeconds);
  // The SDK's own way to keep its announcement about future Node versions out of the log; it reads it when a client is made.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

  const limiters = new Map<string, RateLimiter>();
  const limiter = (bucket: string): RateLimiter | undefined => {
    const limit = limits[bucket];
    if (limit === undefined) return undefined;
    const known = limiters.get(bucket) ?? createRateLimiter(clock, limit);
    limiters.set(bucket, known);
    return known;
  };

  const prepared = <C>(client: C, service: string, region: string): C => {
    const { middlewareStack } = client as AnyClient;
    middlewareStack.add(
      (next: Handler, context: HandlerContext) => async (request: unknown) => {
        try {
          return await next(request);
        } catch (thrown) {
          throw translateAwsError(thrown, { service, region, operation: operationOf(context) });
        }
      },
      { name: 'eksDrErrors', step: 'initialize', priority: 'high' },
    );
    middlewareStack.add(
      (next: Handler, context: HandlerContext) => async (request: unknown) => {
        const answer = await next(request);
        const stranger = foreignAnswer(answer, { service, region, operation: operationOf(context) });
        if (stranger !== null) throw stranger;
        return answer;
      },
      // Inside of what reads the body.
      { name: 'eksDrAnswers', step: 'deserialize', priority: 'low' },
    );
    middlewareStack.addRelativeTo(
      (next: Handler, context: HandlerContext) => async (request: unknown) => {
        // One bucket for all regions: stricter than AWS, which counts most services per region.
        await limiter(service)?.take(signal);
        const operation = operationOf(context);
        await limiter(`${service}:${operation}`)?.take(signal);
        if (!PACED_BY_CALLERS.includes(`${service}:${operation}`)) return next(request);
        try {
          return await next(request);
        } catch (thrown) {
          // The SDK takes no error of ours for a reason to try again.
          throw isThrottled(thrown) ? translateAwsError(thrown, { service, region, operation }) : thrown;
        }
      },
      { name: 'eksDrRateLimit', relation: 'after', toMiddleware: 'retryMiddleware' },
    );
    return client;
  };

  const home = globalRegion(options.homeRegion);
  const s3 = memoised(async (region: string) => {
    const { createS3, s3Client } = await import('./s3.ts');
    return createS3(prepared(s3Client(settings(region)), 's3', region));
  });
  return {
    sts: memoised(async (region) => prepared(new (await import('@aws-sdk/client-sts')).STS(settings(region)), 'sts', region)),
    eks: memoised(async (region) => prepared(new (await import('@aws-sdk/client-eks')).EKS(settings(region)), 'eks', region)),
    ec2: memoised(async (region) => prepared(new (await import('@aws-sdk/client-ec2')).EC2(settings(region)), 'ec2', region)),
    elb: memoised(async (region) => {
      const { ElasticLoadBalancingV2 } = await import('@aws-sdk/client-elastic-load-balancing-v2');
      return prepared(new ElasticLoadBalancingV2(settings(region)), 'elb', region);
    }),
    iam: once(async () => prepared(new (await import('@aws-sdk/client-iam')).IAM(settings(home)), 'iam', home)),
    s3: (region = options.homeRegion) => s3(region),
    route53: once(async () => prepared(new (await import('@aws-sdk/client-route-53')).Route53(settings(home)), 'route53', home)),
    cloudfront: once(async () => prepared(new (await import('@aws-sdk/client-cloudfront')).CloudFront(settings(home)), 'cloudfront', home)),
    apiGateway: memoised(async (region) =>
      prepared(new (await import('@aws-sdk/client-api-gateway')).APIGateway(settings(region)), 'apigateway', region),
    ),
    // Both versions share the account's limits.
    apiGatewayV2: memoised(async (region) =>
      prepared(new (await import('@aws-sdk/client-apigatewayv2')).ApiGatewayV2(settings(region)), 'apigateway', region),
    ),
  };
}

/** What callers ask again for by themselves after a refusal for the rate: the SDK would ask five times within seconds where one a minute is let through. */
const PACED_BY_CALLERS = ['cloudfront:UpdateDistribution'];

type Handler = (request: unknown) => Promise<unknown>;

interface HandlerContext {
  readonly commandName?: string;
}

function operationOf(context: HandlerContext): string {
  return (context.commandName ?? 'request').replace(/Command$/, '');
}

function clientSettings(region: string, answerSeconds: number) {
  return {
    region,
    maxAttempts: 5,
    retryMode: 'standard',
    customUserAgent: FIELD_MANAGER,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: answerSeconds * 1000, throwOnRequestTimeout: true },
  };
}

/** Where IAM, Route 53 and CloudFront sign: their control planes are global, one per partition. */
export function globalRegion(region: string): string {
  if (region.startsWith('cn-')) return 'cn-northwest-1';
  if (region.startsWith('us-gov-')) return 'us-gov-west-1';
  return 'us-east-1';
}

/** The partition in the ARNs of a region: `aws`, `aws-cn`, `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}
