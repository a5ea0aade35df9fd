import { MANAGEMENT_SERVER } from '../argocd/clusters.ts';
import { addApplication, putProject } from '../argocd/store.ts';
import type { Sandbox } from '../system.ts';
import {
  GITLAB_PROJECT,
  PRIMARY_CLUSTER,
  PRIMARY_REGION,
  PRIMARY_SERVER,
  PROJECTS,
  REPO_URL,
  ROLES,
  ROOT_APPLICATION,
  roleArn,
  TEMPLATES_FOLDER,
} from './names.ts';

/** Argo CD with the primary, its projects, and the root application that brings all the others. */
export function seedArgoCd(sandbox: Sandbox): void {
  const { argocd } = sandbox.world;
  const now = sandbox.clock.now();
  argocd.tokens['sandbox-argocd-token'] = 'eks-dr';
  argocd.addresses[PRIMARY_SERVER] = { region: PRIMARY_REGION, cluster: PRIMARY_CLUSTER };
  argocd.clusters[PRIMARY_SERVER] = {
    server: PRIMARY_SERVER,
    name: PRIMARY_CLUSTER,
    config: { tlsClientConfig: { insecure: false }, awsAuthConfig: { clusterName: PRIMARY_CLUSTER, roleARN: roleArn(ROLES.argocd) } },
    namespaces: [],
    clusterResources: false,
    project: '',
    labels: { environment: 'production' },
    annotations: {},
    writtenAt: now,
    refreshRequestedAt: null,
    connection: { status: 'Unknown', message: '', at: null },
    checkAt: now,
  };
  argocd.repositories[REPO_URL] = { repo: REPO_URL, type: 'git', name: 'argocd-apps', project: '', gitlabProject: GITLAB_PROJECT };
  const anything = [{ group: '*', kind: '*' }];
  const wildcard = { sourceRepos: ['*'], destinations: [{ server: '*', name: '*', namespace: '*' }], clusterResourceWhitelist: anything };
  putProject(argocd, now, { metadata: { name: 'default' }, spec: wildcard });
  for (const [index, name] of PROJECTS.entries()) {
    // Some of them know the cluster by its address, some by its name: Argo CD takes either.
    const destination =
      index % 2 === 0 ? { server: PRIMARY_SERVER, namespace: '*' } : { name: PRIMARY_CLUSTER, server: PRIMARY_SERVER, namespace: '*' };
    const spec = { description: `Services of ${name}`, sourceRepos: [REPO_URL], destinations: [destination] };
    putProject(argocd, now, { metadata: { name }, spec });
  }
  addApplication(sandbox, {
    metadata: { name: ROOT_APPLICATION },
    spec: {
      project: 'default',
      source: { repoURL: REPO_URL, path: TEMPLATES_FOLDER, targetRevision: 'main', directory: { recurse: true } },
      destination: { server: MANAGEMENT_SERVER, namespace: 'argocd' },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  });
}
