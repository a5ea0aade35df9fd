import type { World } from '../world.ts';
import { type Application, TRACKING_ANNOTATION } from './application.ts';
import type { ArgoCdState, ClusterRecord } from './state.ts';

/** Clusters, projects and applications by name, without times, ids, versions and commits. */
export function dumpArgoCd({ argocd }: World): unknown {
  return {
    clusters: Object.fromEntries(
      Object.values(argocd.clusters)
        .map((cluster) => [cluster.name, dumpCluster(cluster)])
        .sort(),
    ),
    projects: Object.fromEntries(
      Object.values(argocd.projects)
        .map(({ metadata, spec }) => [metadata.name, { labels: metadata.labels ?? {}, spec: withoutPorts(spec, argocd) }] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    applications: Object.fromEntries(
      Object.values(argocd.applications)
        .map(
          ({ app, controller }) =>
            [app.metadata.name, { ...dumpApplication(app, argocd), deployed: controller.deployed.map(nameOf).sort() }] as const,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

function dumpCluster({ name, config, namespaces, project, labels, annotations, connection }: ClusterRecord): unknown {
  const { execProviderConfig, awsAuthConfig } = config;
  return { name, execProviderConfig, awsAuthConfig, namespaces, project, labels, annotations, connection: connection.status };
}

function dumpApplication({ metadata, spec, status }: Application, state: ArgoCdState): Record<string, unknown> {
  const { [TRACKING_ANNOTATION]: _tracking, ...annotations } = metadata.annotations ?? {};
  return {
    labels: metadata.labels ?? {},
    annotations,
    finalizers: metadata.finalizers ?? [],
    deleting: metadata.deletionTimestamp !== undefined,
    spec: withoutPorts(spec, state),
    sync: status.sync?.status,
    health: status.health?.status,
    phase: status.operationState?.phase,
    conditions: (status.conditions ?? []).map(({ type }) => type),
  };
}

function nameOf(key: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string }): string {
  return `${key.group}/${key.kind} ${key.namespace}/${key.name}`;
}

/** Server addresses hold the ports of this sandbox: the cluster's name stands for them. */
function withoutPorts(value: unknown, state: ArgoCdState): unknown {
  const text = Object.values(state.clusters).reduce(
    (all, { server, name }) => all.replaceAll(JSON.stringify(server), JSON.stringify(`cluster:${name}`)),
    JSON.stringify(value),
  );
  return JSON.parse(text) as unknown;
}
