import type { World } from '../world.ts';
import type { Destination } from './application.ts';
import type { ClusterRecord } from './state.ts';

/** The cluster that Argo CD itself runs on, outside the sandbox: it takes Applications and AppProjects only. */
export const MANAGEMENT_SERVER = 'https://kubernetes.default.svc';
export const MANAGEMENT_NAME = 'in-cluster';

/** A destination with both names of its cluster, or why there is none, in Argo CD's words. */
export type FoundDestination =
  | { readonly server: string; readonly name: string; readonly namespace: string }
  | { readonly problem: string };

export function findDestination(world: World, destination: Destination): FoundDestination {
  const { server = '', name = '', namespace = '' } = destination;
  if (server !== '' && name !== '')
    return { problem: `application destination can't have both name and server defined: ${name} ${server}` };
  if (server === '' && name === '') return { problem: 'Destination server missing from app spec' };
  if (server === MANAGEMENT_SERVER || name === MANAGEMENT_NAME) return { server: MANAGEMENT_SERVER, name: MANAGEMENT_NAME, namespace };
  const { clusters } = world.argocd;
  if (server !== '') {
    const found = clusters[server.replace(/\/+$/, '')];
    if (found === undefined)
      return { problem: `error getting cluster by server "${server}": rpc error: code = NotFound desc = cluster "${server}" not found` };
    return { server: found.server, name: found.name, namespace };
  }
  const [found, ...others] = Object.values(clusters).filter((cluster) => cluster.name === name);
  if (found === undefined) return { problem: `there are no clusters with this name: ${name}` };
  if (others.length > 0)
    return {
      problem: `there are ${others.length + 1} clusters with the same name: [${[found, ...others].map((one) => one.server).join(' ')}]`,
    };
  return { server: found.server, name: found.name, namespace };
}

/** The IAM role and the cluster name that the cluster's credentials sign with; null for credentials that are not AWS's. */
export function awsIdentity(cluster: Pick<ClusterRecord, 'config'>): { readonly roleArn: string; readonly clusterName: string } | null {
  const { awsAuthConfig, execProviderConfig } = cluster.config;
  if (awsAuthConfig?.roleARN !== undefined) return { roleArn: awsAuthConfig.roleARN, clusterName: awsAuthConfig.clusterName ?? '' };
  const args = execProviderConfig?.args ?? [];
  const option = (name: string): string | undefined => {
    const index = args.indexOf(name);
    return index >= 0 ? args[index + 1] : args.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  };
  const [roleArn, clusterName] = [option('--role-arn'), option('--cluster-name')];
  return roleArn === undefined || clusterName === undefined ? null : { roleArn, clusterName };
}
