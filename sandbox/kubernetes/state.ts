import type { KubeObject } from './object.ts';

/** Names a cluster: EKS cluster names are unique per region. */
export interface ClusterKey {
  readonly region: string;
  readonly cluster: string;
}

/** A piece of controller work: `<controller> <namespace>/<name>`, to be done at a sandbox time in ms. */
export interface Task {
  readonly at: number;
  readonly task: string;
}

/** One cluster's API server with all that it stores. */
export interface KubernetesClusterState {
  readonly region: string;
  readonly cluster: string;
  /** The minor version it serves: `1.33`. */
  version: string;
  /** The newest resourceVersion. */
  revision: number;
  /** For uids, addresses and random name suffixes. */
  counter: number;
  /** By `<group>/<plural>` (group `core` for v1), then by `<namespace>/<name>` or `<name>`. */
  objects: Record<string, Record<string, KubeObject>>;
  /** A binary heap by time; `pending` holds the time at which each task is due. */
  queue: Task[];
  pending: Record<string, number>;
  /** When the last task ran (ms of sandbox time). */
  ranAt: number;
  /** PEM of the CA behind the listener; another one is spread when a saved world is served again. */
  ca: string;
  /** The issuer of service-account tokens. */
  readonly issuer: string;
}

export interface KubernetesState {
  /** By `<region>/<cluster>`. */
  clusters: Record<string, KubernetesClusterState>;
  /** Images that no registry has, for the nodes of any cluster; `*` stands for any characters. Absent: every image is there. */
  missingImages?: readonly string[];
}

export function emptyKubernetes(): KubernetesState {
  return { clusters: {} };
}

export function clusterKey({ region, cluster }: ClusterKey): string {
  return `${region}/${cluster}`;
}
