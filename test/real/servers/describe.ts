import { argocdUrl } from './list/argocd.ts';
import { adminPassword, adminToken } from './list/argocd-settings.ts';
import { repositories } from './list/git.ts';
import { apiServerUrl, kubeconfigFile } from './list/kubeconfig.ts';
import { openbaoUrl } from './list/openbao.ts';
import { EKS_CLUSTERS } from './login/clusters.ts';
import type { PartName } from './part.ts';
import type { ArgocdServer, KubernetesServer, Running } from './running.ts';
import type { ClusterName, Setting } from './server.ts';

/** What tests are told of a part that runs. */
export async function describePart(part: PartName, setting: Setting): Promise<Omit<Running, 'missing'>> {
  const url = (name: string): string => `http://127.0.0.1:${setting.port(name)}`;
  switch (part) {
    case 'ministack':
      return { ministack: { url: url('ministack') } };
    case 'ministackAuth':
      return { ministackAuth: { url: url('ministack-auth'), ...setting.secrets.aws } };
    case 'moto':
      return { moto: { url: url('moto') } };
    case 'kubernetes':
      return { kubernetes: { primary: kubernetes(setting, 'primary'), recovery: kubernetes(setting, 'recovery') } };
    case 'argocd':
      return { argocd: await argocd(setting) };
    case 'openbao':
      return { openbao: { url: openbaoUrl(setting), token: setting.secrets.openbaoRootToken } };
  }
}

function kubernetes(setting: Setting, cluster: ClusterName): KubernetesServer {
  return {
    url: apiServerUrl(setting, cluster),
    ca: setting.secrets.tls.ca,
    adminToken: setting.secrets.clusters[cluster].tokens.admin,
    kubeconfig: kubeconfigFile(setting, cluster, 'admin'),
    eks: EKS_CLUSTERS[cluster],
  };
}

async function argocd(setting: Setting): Promise<ArgocdServer> {
  const url = argocdUrl(setting);
  const password = await adminPassword(setting);
  return {
    url,
    ca: setting.secrets.tls.ca,
    token: await adminToken(setting, url, password),
    adminPassword: password,
    git: { url: `http://127.0.0.1:${setting.port('git')}`, folder: repositories(setting) },
  };
}
