import { askJson } from '../ask.ts';
import type { ClusterName, Setting } from '../server.ts';
import { apiServerUrl } from './kubeconfig.ts';

export interface KubernetesObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** Server-side apply of one object, by the admin. `path` is that of its collection. */
export async function applyObject(setting: Setting, cluster: ClusterName, path: string, object: KubernetesObject): Promise<void> {
  await askJson(`${apiServerUrl(setting, cluster)}${path}/${object.metadata.name}?fieldManager=eks-dr-servers&force=true`, {
    method: 'PATCH',
    ca: setting.secrets.tls.ca,
    token: setting.secrets.clusters[cluster].tokens.admin,
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: object,
  });
}
