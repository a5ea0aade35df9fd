import { jsonResponse } from '../aws/rest-json.ts';
import { endpointOf } from '../kubernetes/clusters.ts';
import type { Sandbox } from '../system.ts';
import { type EksCall, type EksRoute, parameter, seconds } from './call.ts';
import { clusterInput } from './cluster-input.ts';
import { clusterOrFail, createCluster, deleteCluster } from './clusters.ts';
import { page, tagsIn } from './input.ts';
import type { EksCluster } from './state.ts';

export function describeCluster(sandbox: Sandbox, cluster: EksCluster): Record<string, unknown> {
  const { region, name, status, vpc, oidcId, authenticationMode } = cluster;
  // Endpoint, CA, issuer and the cluster's security group come to be with the control plane.
  const ready = status !== 'CREATING' && status !== 'FAILED';
  const { clusterSecurityGroupId, ...vpcConfig } = vpc;
  return {
    name,
    arn: cluster.arn,
    createdAt: seconds(cluster.createdAt),
    version: cluster.version,
    ...(ready
      ? {
          endpoint: endpointOf(sandbox, { region, cluster: name }),
          identity: { oidc: { issuer: `https://oidc.eks.${region}.amazonaws.com/id/${oidcId}` } },
        }
      : {}),
    certificateAuthority: ready ? { data: Buffer.from(sandbox.ca).toString('base64') } : {},
    roleArn: cluster.roleArn,
    resourcesVpcConfig: { ...vpcConfig, ...(ready ? { clusterSecurityGroupId } : {}) },
    kubernetesNetworkConfig: { serviceIpv4Cidr: cluster.serviceIpv4Cidr, ipFamily: 'ipv4', elasticLoadBalancing: { enabled: false } },
    logging: cluster.logging,
    status,
    ...(cluster.clientRequestToken === undefined ? {} : { clientRequestToken: cluster.clientRequestToken }),
    platformVersion: cluster.platformVersion,
    tags: cluster.tags,
    health: { issues: [] },
    accessConfig: { authenticationMode },
    upgradePolicy: { supportType: 'EXTENDED' },
    deletionProtection: false,
  };
}

const answer = (call: EksCall, cluster: EksCluster) => jsonResponse({ cluster: describeCluster(call.sandbox, cluster) });

const createMembers = [
  'name',
  'roleArn',
  'resourcesVpcConfig',
  'version',
  'kubernetesNetworkConfig',
  'logging',
  'clientRequestToken',
  'tags',
  'encryptionConfig',
  'accessConfig',
  'bootstrapSelfManagedAddons',
  'upgradePolicy',
  'zonalShiftConfig',
  'deletionProtection',
];

export const clusterRoutes: readonly EksRoute[] = [
  {
    name: 'CreateCluster',
    method: 'POST',
    pattern: '/clusters',
    body: createMembers,
    run: (call) => {
      tagsIn(call.body);
      return answer(call, createCluster(call.sandbox, call.region, clusterInput({ ...call.body }), call.callerArn));
    },
  },
  {
    name: 'ListClusters',
    method: 'GET',
    pattern: '/clusters',
    query: ['maxResults', 'nextToken', 'include'],
    run: ({ sandbox, region, query }) => {
      const own = Object.values(sandbox.world.eks.clusters).filter((cluster) => cluster.region === region);
      const { names, ...next } = page(
        query,
        own.map((cluster) => cluster.name),
      );
      return jsonResponse({ clusters: names, ...next });
    },
  },
  {
    name: 'DescribeCluster',
    method: 'GET',
    pattern: '/clusters/{name}',
    run: (call) => answer(call, clusterOrFail(call.sandbox.world, call.region, parameter(call, 'name'))),
  },
  {
    name: 'DeleteCluster',
    method: 'DELETE',
    pattern: '/clusters/{name}',
    run: (call) => answer(call, deleteCluster(call.sandbox, call.region, parameter(call, 'name'))),
  },
];
