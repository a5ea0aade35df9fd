export type IntegrationType = 'HTTP' | 'HTTP_PROXY' | 'AWS' | 'AWS_PROXY' | 'MOCK';
export type ConnectionType = 'INTERNET' | 'VPC_LINK';

/** What a method of a REST API calls, in the words of the API. */
export interface RestIntegration {
  type: IntegrationType;
  httpMethod?: string;
  uri?: string;
  connectionType?: ConnectionType;
  /** A VPC link of either version, or a stage variable that holds one: `${stageVariables.link}`. */
  connectionId?: string;
  /** With a VPC link v2: the ARN of a load balancer or of one of its listeners. */
  integrationTarget?: string;
  credentials?: string;
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string>;
  passthroughBehavior?: string;
  contentHandling?: string;
  timeoutInMillis?: number;
  cacheNamespace?: string;
  cacheKeyParameters?: string[];
  tlsConfig?: { insecureSkipVerification?: boolean };
  responseTransferMode?: string;
}

export interface RestMethod {
  readonly httpMethod: string;
  authorizationType: string;
  apiKeyRequired: boolean;
  integration?: RestIntegration;
}

export interface RestResource {
  readonly id: string;
  readonly parentId?: string;
  readonly pathPart?: string;
  readonly path: string;
  /** By HTTP method, `ANY` included. */
  methods: Record<string, RestMethod>;
}

/** An API as it was deployed: methods by path and verb. */
export type RestSnapshot = Readonly<Record<string, Readonly<Record<string, RestMethod>>>>;

export interface RestDeployment {
  readonly id: string;
  description?: string;
  readonly createdAt: number;
  readonly snapshot: RestSnapshot;
}

export interface RestStage {
  readonly name: string;
  deploymentId: string;
  description?: string;
  variables: Record<string, string>;
  canary?: { deploymentId: string; percentTraffic: number; stageVariableOverrides: Record<string, string>; useStageCache: boolean };
  tracingEnabled: boolean;
  documentationVersion?: string;
  clientCertificateId?: string;
  readonly createdAt: number;
  updatedAt: number;
  tags: Record<string, string>;
}

export interface RestApi {
  readonly id: string;
  name: string;
  description?: string;
  readonly createdAt: number;
  readonly endpointType: 'EDGE' | 'REGIONAL' | 'PRIVATE';
  readonly rootResourceId: string;
  tags: Record<string, string>;
  resources: Record<string, RestResource>;
  deployments: Record<string, RestDeployment>;
  stages: Record<string, RestStage>;
}

/** What a route of an HTTP or WebSocket API calls, in the words of the API. */
export interface HttpIntegration {
  readonly integrationId: string;
  integrationType: IntegrationType;
  integrationMethod?: string;
  integrationUri?: string;
  connectionType: ConnectionType;
  connectionId?: string;
  description?: string;
  payloadFormatVersion?: string;
  timeoutInMillis: number;
  credentialsArn?: string;
  passthroughBehavior?: string;
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string>;
  tlsConfig?: { serverNameToVerify?: string };
}

export interface HttpRoute {
  readonly routeId: string;
  readonly routeKey: string;
  /** `integrations/<id>` */
  target?: string;
  authorizationType: string;
  apiKeyRequired: boolean;
}

/** Integrations by route key. */
export type HttpSnapshot = Readonly<Record<string, HttpIntegration>>;

export interface HttpDeployment {
  readonly id: string;
  readonly description?: string;
  readonly createdAt: number;
  readonly autoDeployed: boolean;
  readonly snapshot: HttpSnapshot;
}

export interface HttpStage {
  readonly name: string;
  autoDeploy: boolean;
  deploymentId?: string;
  description?: string;
  variables: Record<string, string>;
  readonly createdAt: number;
  updatedAt: number;
  tags: Record<string, string>;
}

export interface HttpApi {
  readonly id: string;
  name: string;
  readonly protocolType: 'HTTP' | 'WEBSOCKET';
  readonly routeSelectionExpression: string;
  description?: string;
  readonly createdAt: number;
  tags: Record<string, string>;
  integrations: Record<string, HttpIntegration>;
  routes: Record<string, HttpRoute>;
  deployments: Record<string, HttpDeployment>;
  stages: Record<string, HttpStage>;
  /** When the stages that deploy by themselves take over the last change (ms of sandbox time). */
  autoDeployAt?: number;
}

export type LinkStatus = 'PENDING' | 'AVAILABLE' | 'DELETING' | 'FAILED' | 'INACTIVE';

interface VpcLink {
  readonly id: string;
  name: string;
  readonly createdAt: number;
  status: LinkStatus;
  statusMessage?: string;
  /** When a status on the way ends (ms of sandbox time). */
  dueAt: number;
  tags: Record<string, string>;
}

export interface VpcLinkV1 extends VpcLink {
  description?: string;
  readonly targetArns: readonly string[];
}

export interface VpcLinkV2 extends VpcLink {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Since when no deployed stage sends requests over it; absent while one does. */
  idleSince?: number;
}

export interface ApiMapping {
  readonly id: string;
  /** `` stands for the domain name without a path. */
  path: string;
  apiId: string;
  stage: string;
}

/** A custom domain name: one thing for both versions of the API. */
export interface CustomDomain {
  readonly name: string;
  readonly endpointType: 'EDGE' | 'REGIONAL';
  certificateArn: string;
  securityPolicy: string;
  /** Where DNS has to point. */
  readonly targetName: string;
  readonly targetZoneId: string;
  /** Only an AVAILABLE one takes changes, and is sure to have its certificate. */
  status: 'AVAILABLE' | 'UPDATING' | 'PENDING_CERTIFICATE_REIMPORT' | 'PENDING_OWNERSHIP_VERIFICATION';
  readonly createdAt: number;
  /** By id. */
  mappings: Record<string, ApiMapping>;
  tags: Record<string, string>;
}

export interface ApiGatewayRegion {
  restApis: Record<string, RestApi>;
  httpApis: Record<string, HttpApi>;
  vpcLinksV1: Record<string, VpcLinkV1>;
  vpcLinksV2: Record<string, VpcLinkV2>;
  /** By name. */
  domains: Record<string, CustomDomain>;
  /** What is left of the request quotas, by their names. */
  buckets: Record<string, { readonly tokens: number; readonly at: number }>;
}

export interface ApiGatewayState {
  regions: Record<string, ApiGatewayRegion>;
  /** For generated ids. */
  counter: number;
}

export function emptyApiGateway(): ApiGatewayState {
  return { regions: {}, counter: 0 };
}

export function apiGatewayRegion(state: ApiGatewayState, region: string): ApiGatewayRegion {
  state.regions[region] ??= { restApis: {}, httpApis: {}, vpcLinksV1: {}, vpcLinksV2: {}, domains: {}, buckets: {} };
  return state.regions[region];
}

/** The hosted zone in which a region keeps the targets of its domain names, as far as the worlds need them. */
export function targetZoneOf(region: string): string {
  const zones: Readonly<Record<string, string>> = {
    'eu-west-1': 'ZLY8HYME6SFDD',
    'eu-central-1': 'Z1U9ULNL0V5AJ3',
    'us-east-1': 'Z1UJRXOUMOOFQ8',
  };
  return zones[region] ?? 'Z1UJRXOUMOOFQ8';
}
