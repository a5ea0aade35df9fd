import type { Sandbox } from '../system.ts';
import { findDestination } from './clusters.ts';
import { clusterBehind, connectionProblem } from './reach.ts';
import type { ClusterRecord } from './state.ts';

const LOOK_MS = 10_000;
export const UNMONITORED = 'Cluster has no applications and is not being monitored.';

/** How many applications target a cluster. */
export function applicationsOn(sandbox: Sandbox, server: string): number {
  return Object.values(sandbox.world.argocd.applications).filter(({ app }) => {
    const found = findDestination(sandbox.world, app.spec.destination);
    return !('problem' in found) && found.server === server;
  }).length;
}

/** What the controller learns of a cluster every ten seconds. Without applications it learns nothing. */
export function monitorCluster(sandbox: Sandbox, record: ClusterRecord): void {
  const now = sandbox.clock.now();
  record.checkAt = now + LOOK_MS;
  if (applicationsOn(sandbox, record.server) === 0) {
    record.connection = { status: 'Unknown', message: UNMONITORED, at: now };
    return;
  }
  const problem = connectionProblem(sandbox, record);
  record.connection = problem === null ? { status: 'Successful', message: '', at: now } : { status: 'Failed', message: problem, at: now };
}

/** The API server tries a connection before it stores a cluster; the controller takes over a little later. */
export function connected(record: ClusterRecord, now: number): void {
  record.connection = { status: 'Successful', message: '', at: now };
  record.checkAt = now + LOOK_MS;
}

export function serverVersion(sandbox: Sandbox, server: string): string {
  const ref = clusterBehind(sandbox, server);
  return ref === null ? '' : (sandbox.world.kubernetes.clusters[`${ref.region}/${ref.cluster}`]?.version ?? '');
}
