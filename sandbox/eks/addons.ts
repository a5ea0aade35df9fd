import { jsonResponse } from '../aws/rest-json.ts';
import { installAddon, isAddonAvailable, removeAddon } from '../kubernetes/addons.ts';
import type { Sandbox } from '../system.ts';
import { type EksCall, type EksRoute, parameter, seconds } from './call.ts';
import { activeClusterOrFail, clusterOrFail } from './clusters.ts';
import { nextId } from './ids.ts';
import { claimToken, conflict, invalid, notFound, optionalText, page, tagsIn, textIn } from './input.ts';
import type { Addon, EksCluster } from './state.ts';

const versions: Readonly<Record<string, string>> = {
  coredns: 'v1.12.4-eksbuild.1',
  'kube-proxy': 'v1.34.0-eksbuild.4',
  'vpc-cni': 'v1.20.4-eksbuild.1',
  'eks-pod-identity-agent': 'v1.3.9-eksbuild.3',
  'aws-ebs-csi-driver': 'v1.51.0-eksbuild.1',
  'metrics-server': 'v0.8.0-eksbuild.2',
};

/** Times in ms of sandbox time. An add-on whose pods find no node is DEGRADED after a while. */
const CREATE_TIME = 20_000;
const DELETE_TIME = 15_000;
const LOOK_AGAIN = 10_000;
const DEGRADED_AFTER = 900_000;

function describe({ world }: Sandbox, cluster: EksCluster, addon: Addon): Record<string, unknown> {
  const issue = {
    code: 'InsufficientNumberOfReplicas',
    message: "The add-on is unhealthy because it doesn't have the desired number of replicas.",
  };
  return {
    addonName: addon.name,
    clusterName: cluster.name,
    status: addon.status,
    addonVersion: addon.version,
    health: { issues: addon.status === 'DEGRADED' ? [issue] : [] },
    addonArn: `arn:aws:eks:${cluster.region}:${world.accountId}:addon/${cluster.name}/${addon.name}/${addon.id}`,
    createdAt: seconds(addon.createdAt),
    modifiedAt: seconds(addon.createdAt),
    ...(addon.serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn: addon.serviceAccountRoleArn }),
    ...(addon.configurationValues === undefined ? {} : { configurationValues: addon.configurationValues }),
    tags: addon.tags,
  };
}

function addonOrFail(cluster: EksCluster, name: string): Addon {
  const addon = cluster.addons[name];
  if (addon === undefined)
    throw notFound(`No addon: ${name} found in cluster: ${cluster.name}`, { clusterName: cluster.name, addonName: name });
  return addon;
}

function create(call: EksCall): Record<string, unknown> {
  const { sandbox, region, body } = call;
  const cluster = activeClusterOrFail(sandbox.world, region, parameter(call, 'clusterName'));
  const name = textIn(body, 'addonName');
  const token = optionalText(body, 'clientRequestToken');
  const existing = cluster.addons[name];
  if (existing !== undefined && claimToken(existing, token)) return describe(sandbox, cluster, existing);
  if (existing !== undefined) throw conflict('Addon already exists.', { clusterName: cluster.name, addonName: name });
  const known = versions[name];
  if (known === undefined)
    throw invalid(`Addon ${name} specified is not supported in ${cluster.version} kubernetes version`, { addonName: name });
  const role = optionalText(body, 'serviceAccountRoleArn');
  const values = optionalText(body, 'configurationValues');
  const now = sandbox.clock.now();
  const addon: Addon = {
    name,
    id: nextId(sandbox.world),
    status: 'CREATING',
    dueAt: now + CREATE_TIME,
    createdAt: now,
    version: optionalText(body, 'addonVersion') ?? known,
    ...(role === undefined ? {} : { serviceAccountRoleArn: role }),
    ...(values === undefined ? {} : { configurationValues: values }),
    tags: tagsIn(body),
    ...(token === undefined ? {} : { clientRequestToken: token }),
  };
  cluster.addons[name] = addon;
  installAddon(sandbox.world, { region, cluster: cluster.name }, name, now);
  return describe(sandbox, cluster, addon);
}

function remove(call: EksCall): Record<string, unknown> {
  const { sandbox, region, query } = call;
  const cluster = clusterOrFail(sandbox.world, region, parameter(call, 'clusterName'));
  const addon = addonOrFail(cluster, parameter(call, 'addonName'));
  addon.status = 'DELETING';
  addon.dueAt = sandbox.clock.now() + DELETE_TIME;
  if (query.get('preserve') !== 'true') removeAddon(sandbox.world, { region, cluster: cluster.name }, addon.name, sandbox.clock.now());
  return describe(sandbox, cluster, addon);
}

export function advanceAddons({ world }: Sandbox, cluster: EksCluster, now: number): void {
  for (const addon of Object.values(cluster.addons)) {
    if (addon.status === 'ACTIVE' || now < addon.dueAt) continue;
    if (addon.status === 'DELETING') {
      delete cluster.addons[addon.name];
      continue;
    }
    if (isAddonAvailable(world, { region: cluster.region, cluster: cluster.name }, addon.name)) addon.status = 'ACTIVE';
    else if (now >= addon.createdAt + DEGRADED_AFTER) addon.status = 'DEGRADED';
    addon.dueAt = now + LOOK_AGAIN;
  }
}

export const addonRoutes: readonly EksRoute[] = [
  {
    name: 'CreateAddon',
    method: 'POST',
    pattern: '/clusters/{clusterName}/addons',
    body: [
      'addonName',
      'addonVersion',
      'serviceAccountRoleArn',
      'resolveConflicts',
      'clientRequestToken',
      'tags',
      'configurationValues',
      'podIdentityAssociations',
    ],
    run: (call) => jsonResponse({ addon: create(call) }),
  },
  {
    name: 'ListAddons',
    method: 'GET',
    pattern: '/clusters/{clusterName}/addons',
    query: ['maxResults', 'nextToken'],
    run: (call) => {
      const cluster = clusterOrFail(call.sandbox.world, call.region, parameter(call, 'clusterName'));
      const { names, ...next } = page(call.query, Object.keys(cluster.addons));
      return jsonResponse({ addons: names, ...next });
    },
  },
  {
    name: 'DescribeAddon',
    method: 'GET',
    pattern: '/clusters/{clusterName}/addons/{addonName}',
    run: (call) => {
      const cluster = clusterOrFail(call.sandbox.world, call.region, parameter(call, 'clusterName'));
      return jsonResponse({ addon: describe(call.sandbox, cluster, addonOrFail(cluster, parameter(call, 'addonName'))) });
    },
  },
  {
    name: 'DeleteAddon',
    method: 'DELETE',
    pattern: '/clusters/{clusterName}/addons/{addonName}',
    query: ['preserve'],
    run: (call) => jsonResponse({ addon: remove(call) }),
  },
];
