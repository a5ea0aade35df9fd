export type ClusterStatus = 'CREATING' | 'ACTIVE' | 'DELETING' | 'FAILED';
export type NodegroupStatus = 'CREATING' | 'ACTIVE' | 'DELETING';
export type AddonStatus = 'CREATING' | 'ACTIVE' | 'DELETING' | 'DEGRADED';
export type AuthenticationMode = 'API' | 'API_AND_CONFIG_MAP' | 'CONFIG_MAP';

export interface AccessScope {
  readonly type: 'cluster' | 'namespace';
  readonly namespaces: readonly string[];
}

export interface AssociatedPolicy {
  readonly policyArn: string;
  accessScope: AccessScope;
  readonly associatedAt: number;
  modifiedAt: number;
}

export interface AccessEntry {
  readonly principalArn: string;
  readonly type: string;
  kubernetesGroups: string[];
  username: string;
  tags: Record<string, string>;
  readonly id: string;
  readonly createdAt: number;
  modifiedAt: number;
  readonly clientRequestToken?: string;
  /** By policy ARN. */
  policies: Record<string, AssociatedPolicy>;
}

/** What the Kubernetes API believes about a principal; it lags some seconds behind the access entry. */
export interface EffectiveAccess {
  readonly username: string;
  readonly groups: readonly string[];
  readonly associations: readonly { readonly policyArn: string; readonly accessScope: AccessScope }[];
}

export interface Nodegroup {
  readonly name: string;
  readonly id: string;
  status: NodegroupStatus;
  /** When the status in hand ends (ms of sandbox time). */
  dueAt: number;
  readonly createdAt: number;
  readonly nodeRole: string;
  readonly subnets: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly amiType: string;
  readonly capacityType: string;
  readonly diskSize: number;
  readonly version: string;
  readonly scaling: { readonly minSize: number; readonly maxSize: number; readonly desiredSize: number };
  readonly labels: Record<string, string>;
  readonly taints: readonly unknown[];
  tags: Record<string, string>;
  readonly clientRequestToken?: string;
}

export interface Addon {
  readonly name: string;
  readonly id: string;
  status: AddonStatus;
  dueAt: number;
  readonly createdAt: number;
  readonly version: string;
  readonly serviceAccountRoleArn?: string;
  readonly configurationValues?: string;
  tags: Record<string, string>;
  readonly clientRequestToken?: string;
}

/** Which IAM role the pods of a service account get, by EKS Pod Identity. */
export interface PodIdentityAssociation {
  /** `a-` and 17 characters. */
  readonly id: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly disableSessionTags: boolean;
  readonly targetRoleArn?: string;
  /** What the target role's trust policy has to ask for. */
  readonly externalId?: string;
  /** A session policy, as JSON text. */
  readonly policy?: string;
  tags: Record<string, string>;
  readonly clientRequestToken?: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface EksCluster {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  /** 32 hex digits in upper case: the last part of the OIDC issuer. */
  readonly oidcId: string;
  status: ClusterStatus;
  /** When the status in hand ends (ms of sandbox time); of no meaning once ACTIVE. */
  dueAt: number;
  readonly createdAt: number;
  readonly version: string;
  readonly platformVersion: string;
  readonly roleArn: string;
  readonly vpc: {
    readonly vpcId: string;
    readonly subnetIds: readonly string[];
    readonly securityGroupIds: readonly string[];
    readonly clusterSecurityGroupId: string;
    readonly endpointPublicAccess: boolean;
    readonly endpointPrivateAccess: boolean;
    readonly publicAccessCidrs: readonly string[];
  };
  readonly serviceIpv4Cidr: string;
  readonly authenticationMode: AuthenticationMode;
  readonly bootstrapSelfManagedAddons: boolean;
  readonly logging: unknown;
  tags: Record<string, string>;
  readonly clientRequestToken?: string;
  nodegroups: Record<string, Nodegroup>;
  addons: Record<string, Addon>;
  /** By id. */
  podIdentityAssociations: Record<string, PodIdentityAssociation>;
  /** By principal ARN. */
  accessEntries: Record<string, AccessEntry>;
  /** What the Kubernetes API goes by, by principal ARN. */
  effective: Record<string, EffectiveAccess>;
  /** Changes of access on their way to the Kubernetes API: when they arrive. */
  pendingAccess: { readonly at: number; readonly principalArn: string }[];
}

export interface EksState {
  /** By `<region>/<name>`. */
  clusters: Record<string, EksCluster>;
  /** For generated ids. */
  counter: number;
}

export function emptyEks(): EksState {
  return { clusters: {}, counter: 0 };
}
