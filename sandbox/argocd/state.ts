import { type ChartRepositories, publicRepositories } from '../charts/registry.ts';
import type { Application } from './application.ts';
import type { AppProject } from './project.ts';

/** A registered cluster. `config` is the secret part: it is written, never given back. */
export interface ClusterRecord {
  readonly server: string;
  name: string;
  config: ClusterConfig;
  namespaces: string[];
  clusterResources: boolean;
  project: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Sandbox time (ms) of the last write. */
  writtenAt: number;
  refreshRequestedAt: number | null;
  /** What the controller last learned; `Unknown` until an application targets the cluster. */
  connection: { status: 'Unknown' | 'Successful' | 'Failed'; message: string; at: number | null };
  /** When the controller looks again (ms of sandbox time). */
  checkAt: number;
}

export interface ClusterConfig {
  username?: string;
  password?: string;
  bearerToken?: string;
  tlsClientConfig?: { insecure?: boolean; serverName?: string; caData?: string; certData?: string; keyData?: string };
  awsAuthConfig?: { clusterName?: string; roleARN?: string; profile?: string };
  execProviderConfig?: { command?: string; args?: string[]; env?: Record<string, string>; apiVersion?: string; installHint?: string };
  disableCompression?: boolean;
  proxyUrl?: string;
}

export interface RepositoryRecord {
  readonly repo: string;
  readonly type: 'git' | 'helm';
  readonly name: string;
  readonly project: string;
  /** For Git: the GitLab project behind the address. */
  readonly gitlabProject: string | null;
}

/** One object that an application owns on its destination. */
export interface ResourceKey {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What the controller keeps of an application beside the object itself. Times are ms of sandbox time. */
export interface ControllerState {
  /** When the application is compared again. */
  refreshAt: number;
  /** When a running operation takes its next step; null: none runs. */
  operationAt: number | null;
  /** How many sync waves of the running operation are applied, and how often it was tried again. */
  wave: number;
  attempt: number;
  /** When deletion is worked on again; null: not being deleted. */
  deletionAt: number | null;
  /** Whether the deletion takes what was deployed along. */
  cascade: boolean;
  /** What was deployed and where, so that pruning and cascading know it even if the sources are gone. */
  deployed: ResourceKey[];
  deployedServer: string | null;
  /** The revision that automated sync tried last, so that it doesn't try a failing one for ever. */
  triedRevision: string | null;
  /** How often it was rendered past the cache: once, and with each hard refresh. */
  renders: number;
  /** When the last sync by self-heal began. */
  healedAt: number;
}

export interface ApplicationRecord {
  app: Application;
  controller: ControllerState;
}

/** As the API shows it. The sandbox makes no applications of it. */
export interface ApplicationSet {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly generators: readonly Readonly<Record<string, unknown>>[];
    readonly template: { readonly spec: { readonly project: string } };
  };
}

export interface ArgoCdState {
  /** The last resourceVersion given. */
  lastVersion: number;
  /** API tokens: the account they speak for. */
  tokens: Record<string, string>;
  /** Names by which Argo CD reaches a cluster other than by the endpoint that EKS gives (a private DNS name): the cluster behind each. */
  addresses: Record<string, { readonly region: string; readonly cluster: string }>;
  /** By server address. */
  clusters: Record<string, ClusterRecord>;
  projects: Record<string, AppProject>;
  repositories: Record<string, RepositoryRecord>;
  /** The Helm repositories and OCI registries that it reaches without a registration. */
  charts: ChartRepositories;
  /** By name; all live in the namespace of Argo CD. */
  applications: Record<string, ApplicationRecord>;
  /** By name; none by default. */
  applicationSets?: Record<string, ApplicationSet>;
}

export const ARGOCD_NAMESPACE = 'argocd';

export function emptyArgoCd(): ArgoCdState {
  return {
    lastVersion: 0,
    tokens: {},
    addresses: {},
    clusters: {},
    projects: {},
    repositories: {},
    charts: publicRepositories(),
    applications: {},
  };
}
