import { principalMay } from '../eks/access.ts';
import { findCluster } from '../eks/clusters.ts';
import { roleExists } from '../iam/principals.ts';
import { clusterOfEndpoint } from '../kubernetes/clusters.ts';
import type { Sandbox } from '../system.ts';
import { clusterLive } from './cluster-live.ts';
import { awsIdentity, MANAGEMENT_SERVER } from './clusters.ts';
import type { Reached } from './live.ts';
import { managementLive } from './management.ts';
import type { ClusterRecord } from './state.ts';

/** What client-go makes of a 401 of the API server. */
export const UNKNOWN_CALLER = 'the server has asked for the client to provide credentials';

export interface ClusterRef {
  readonly region: string;
  readonly cluster: string;
}

/** The cluster behind a registered server address, whether or not it lets Argo CD in; null for an address where nothing answers. */
export function clusterBehind(sandbox: Sandbox, server: string): ClusterRef | null {
  const ref = sandbox.world.argocd.addresses[server] ?? clusterOfEndpoint(sandbox, server);
  if (ref === null) return null;
  const cluster = findCluster(sandbox.world, ref.region, ref.cluster);
  return cluster === undefined ||
    cluster.status === 'CREATING' ||
    sandbox.world.kubernetes.clusters[`${ref.region}/${ref.cluster}`] === undefined
    ? null
    : ref;
}

/** Connects to a destination as Argo CD does: with the registered credentials, through EKS access entries. */
export function reach(sandbox: Sandbox, server: string): Reached {
  if (server === MANAGEMENT_SERVER) return { live: managementLive(sandbox) };
  const record = sandbox.world.argocd.clusters[server];
  if (record === undefined) return { problem: `cluster "${server}" not found` };
  const problem = connectionProblem(sandbox, record);
  if (problem !== null) return { problem };
  const ref = clusterBehind(sandbox, server);
  return ref === null ? { problem: unreachable(server) } : { live: clusterLive(sandbox, ref) };
}

/** Why Argo CD cannot use a cluster with these credentials; null when it can. */
export function connectionProblem(sandbox: Sandbox, record: Pick<ClusterRecord, 'server' | 'config'>): string | null {
  const ref = clusterBehind(sandbox, record.server);
  if (ref === null) return unreachable(record.server);
  if (sandbox.cutOff(ref)) return `Get "${record.server}/version?timeout=32s": context deadline exceeded`;
  const { tlsClientConfig } = record.config;
  if (tlsClientConfig?.insecure !== true && !trusts(sandbox, record, tlsClientConfig?.caData)) {
    return `Get "${record.server}/version?timeout=32s": tls: failed to verify certificate: x509: certificate signed by unknown authority`;
  }
  const identity = awsIdentity(record);
  if (identity === null) return UNKNOWN_CALLER;
  if (!roleExists(sandbox.world, identity.roleArn)) {
    return `Get "${record.server}/version?timeout=32s": getting credentials: exec: executable argocd-k8s-auth failed with exit code 20`;
  }
  const access = identity.clusterName === ref.cluster ? principalMay(sandbox.world, ref.region, ref.cluster, identity.roleArn) : null;
  if (access === null) return UNKNOWN_CALLER;
  const isAdmin = access.groups.includes('system:masters') || access.policies.some((arn) => arn.endsWith('/AmazonEKSClusterAdminPolicy'));
  return isAdmin
    ? null
    : `failed to list resources: namespaces is forbidden: User "${access.username}" cannot list resource "namespaces" in API group "" at the cluster scope`;
}

function trusts(sandbox: Sandbox, record: Pick<ClusterRecord, 'server'>, caData: string | undefined): boolean {
  // A name in front of a cluster has a certificate that is publicly trusted.
  if (sandbox.world.argocd.addresses[record.server] !== undefined) return true;
  if (caData === undefined || caData === '') return false;
  return Buffer.from(caData, 'base64').toString('utf8').trim() === sandbox.ca.trim();
}

function unreachable(server: string): string {
  return `Get "${server}/version?timeout=32s": dial tcp: lookup ${host(server)}: no such host`;
}

function host(server: string): string {
  return URL.canParse(server) ? new URL(server).hostname : server;
}
