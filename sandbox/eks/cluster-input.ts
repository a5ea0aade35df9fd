import { invalid, textIn } from './input.ts';

/** What CreateCluster takes, as far as the sandbox knows it. */
export interface ClusterInput {
  readonly name: string;
  readonly roleArn: string;
  readonly version?: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds?: readonly string[];
  readonly endpointPublicAccess?: boolean;
  readonly endpointPrivateAccess?: boolean;
  readonly publicAccessCidrs?: readonly string[];
  readonly authenticationMode?: string;
  readonly bootstrapClusterCreatorAdminPermissions?: boolean;
  readonly bootstrapSelfManagedAddons?: boolean;
  readonly serviceIpv4Cidr?: string;
  readonly logging?: unknown;
  readonly tags?: Readonly<Record<string, string>>;
  readonly clientRequestToken?: string;
}

/** The input in a CreateCluster body. Throws when a required member is missing. */
export function clusterInput(body: Record<string, unknown>): ClusterInput {
  const section = (name: string): Record<string, unknown> =>
    typeof body[name] === 'object' && body[name] !== null ? (body[name] as Record<string, unknown>) : {};
  const vpc = section('resourcesVpcConfig');
  const access = section('accessConfig');
  const strings = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(String) : undefined);
  const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
  const fields = {
    name: textIn(body, 'name'),
    roleArn: textIn(body, 'roleArn'),
    subnetIds: strings(vpc.subnetIds) ?? [],
    version: body.version === undefined ? undefined : String(body.version),
    securityGroupIds: strings(vpc.securityGroupIds),
    endpointPublicAccess: flag(vpc.endpointPublicAccess),
    endpointPrivateAccess: flag(vpc.endpointPrivateAccess),
    publicAccessCidrs: strings(vpc.publicAccessCidrs),
    authenticationMode: access.authenticationMode === undefined ? undefined : String(access.authenticationMode),
    bootstrapClusterCreatorAdminPermissions: flag(access.bootstrapClusterCreatorAdminPermissions),
    bootstrapSelfManagedAddons: flag(body.bootstrapSelfManagedAddons),
    serviceIpv4Cidr: section('kubernetesNetworkConfig').serviceIpv4Cidr as string | undefined,
    logging: body.logging,
    tags: section('tags') as Record<string, string>,
    clientRequestToken: body.clientRequestToken as string | undefined,
  };
  if (body.resourcesVpcConfig === undefined) throw invalid('resourcesVpcConfig must be specified');
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as ClusterInput;
}
