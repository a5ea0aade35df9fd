import type { JsonObject } from './json.ts';

export const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io';
/** Cascading variants that Argo CD takes for the same, beside the one above. */
export const CASCADE_FINALIZERS: readonly string[] = [
  CASCADE_FINALIZER,
  `${CASCADE_FINALIZER}/background`,
  `${CASCADE_FINALIZER}/foreground`,
];
export const REFRESH_ANNOTATION = 'argocd.argoproj.io/refresh';
export const SKIP_RECONCILE_ANNOTATION = 'argocd.argoproj.io/skip-reconcile';
export const TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id';
export const WAVE_ANNOTATION = 'argocd.argoproj.io/sync-wave';

export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
}

export interface HelmSource {
  releaseName?: string;
  valueFiles?: string[];
  ignoreMissingValueFiles?: boolean;
  parameters?: { name: string; value?: string; forceString?: boolean }[];
  values?: string;
  valuesObject?: JsonObject;
  [other: string]: unknown;
}

export interface Source {
  repoURL: string;
  path?: string;
  targetRevision?: string;
  chart?: string;
  helm?: HelmSource;
  directory?: { recurse?: boolean; include?: string; exclude?: string };
  [other: string]: unknown;
}

export interface Destination {
  server?: string;
  name?: string;
  namespace?: string;
}

export interface SyncPolicy {
  automated?: { prune?: boolean; selfHeal?: boolean; allowEmpty?: boolean; enabled?: boolean };
  syncOptions?: string[];
  retry?: { limit?: number; backoff?: { duration?: string; factor?: number; maxDuration?: string } };
  managedNamespaceMetadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
}

export interface Spec {
  project: string;
  source?: Source;
  sources?: Source[];
  destination: Destination;
  syncPolicy?: SyncPolicy;
  [other: string]: unknown;
}

export interface Operation {
  sync: {
    revision?: string;
    prune?: boolean;
    dryRun?: boolean;
    syncOptions?: string[];
    resources?: { group?: string; kind: string; name: string; namespace?: string }[];
    syncStrategy?: JsonObject;
  };
  initiatedBy: { username?: string; automated?: boolean };
  retry?: NonNullable<SyncPolicy['retry']>;
}

export type OperationPhase = 'Running' | 'Succeeded' | 'Failed' | 'Error' | 'Terminating';

export interface ResourceResult {
  group: string;
  version: string;
  kind: string;
  namespace: string;
  name: string;
  status: 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped';
  message: string;
  hookPhase: string;
  syncPhase: string;
}

export interface OperationState {
  operation: Operation;
  phase: OperationPhase;
  message?: string;
  startedAt: string;
  finishedAt?: string;
  retryCount?: number;
  syncResult?: { resources: ResourceResult[]; revision: string; source?: Source };
}

export interface ResourceStatus {
  group?: string;
  version: string;
  kind: string;
  namespace?: string;
  name: string;
  status: 'Synced' | 'OutOfSync' | 'Unknown';
  syncWave?: number;
  requiresPruning?: boolean;
}

export type HealthStatus = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';

export interface Condition {
  type: string;
  message: string;
  lastTransitionTime: string;
}

export interface Status {
  sync?: { status: 'Synced' | 'OutOfSync' | 'Unknown'; revision?: string; comparedTo?: JsonObject };
  health?: { status: HealthStatus; lastTransitionTime?: string };
  resources?: ResourceStatus[];
  conditions?: Condition[];
  reconciledAt?: string;
  operationState?: OperationState;
  history?: { id: number; revision: string; deployStartedAt: string; deployedAt: string; source?: Source; initiatedBy: JsonObject }[];
  sourceType?: string;
  resourceHealthSource?: string;
  summary?: { images?: string[]; externalURLs?: string[] };
  controllerNamespace?: string;
}

export interface Application {
  metadata: Metadata;
  spec: Spec;
  status: Status;
  operation?: Operation;
}

export function sourcesOf(spec: Spec): readonly Source[] {
  if (spec.sources !== undefined && spec.sources.length > 0) return spec.sources;
  return spec.source === undefined ? [] : [spec.source];
}

export function cascades(metadata: Metadata): boolean {
  return (metadata.finalizers ?? []).some((finalizer) => CASCADE_FINALIZERS.includes(finalizer));
}

export function hasSyncOption(options: readonly string[] | undefined, option: string): boolean {
  return (options ?? []).some((one) => one.replaceAll(' ', '') === option);
}

export function automatedSync(spec: Spec): NonNullable<SyncPolicy['automated']> | null {
  const automated = spec.syncPolicy?.automated;
  return automated === undefined || automated === null || automated.enabled === false ? null : automated;
}
