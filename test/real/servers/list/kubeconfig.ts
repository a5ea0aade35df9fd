import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Component } from '../secrets.ts';
import type { ClusterName, Setting } from '../server.ts';

export function apiServerUrl(setting: Setting, cluster: ClusterName): string {
  return `https://127.0.0.1:${setting.port(`kube-apiserver-${cluster}`)}`;
}

export function kubeconfigFile(setting: Setting, cluster: ClusterName, component: Component): string {
  return setting.file('keys', `${cluster}-${component}.kubeconfig`);
}

/** A kubeconfig with that component's token. */
export async function writeKubeconfig(setting: Setting, cluster: ClusterName, component: Component): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: cluster, cluster: { server: apiServerUrl(setting, cluster), 'certificate-authority': setting.file('keys', 'ca.pem') } },
    ],
    users: [{ name: component, user: { token: setting.secrets.clusters[cluster].tokens[component] } }],
    contexts: [{ name: cluster, context: { cluster, user: component } }],
    'current-context': cluster,
  };
  await writeFile(kubeconfigFile(setting, cluster, component), stringify(config), { mode: 0o600 });
}
