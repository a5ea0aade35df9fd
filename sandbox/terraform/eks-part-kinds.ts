import {
  type Addon,
  CreateAddonCommand,
  CreateNodegroupCommand,
  DeleteAddonCommand,
  DeleteNodegroupCommand,
  DescribeAddonCommand,
  DescribeNodegroupCommand,
  type Nodegroup,
} from '@aws-sdk/client-eks';
import { changeEksTags, eksClient, eksTags, isRoleUnknown, notFound } from './eks-cluster-kind.ts';
import type { ProviderContext, ResourceKind } from './kinds.ts';
import { type Attributes, isRecord, mapOf, textOf, textsOf } from './values.ts';
import { orNull, retried, until } from './waiting.ts';

const minutes = 60_000;

function scalingOf(attributes: Attributes): { readonly minSize: number; readonly maxSize: number; readonly desiredSize: number } {
  const list = attributes.scaling_config;
  const scaling = Array.isArray(list) && isRecord(list[0]) ? list[0] : {};
  return { minSize: Number(scaling.min_size), maxSize: Number(scaling.max_size), desiredSize: Number(scaling.desired_size) };
}

function groupAttributes(group: Nodegroup, context: ProviderContext): Attributes {
  const { minSize = 0, maxSize = 0, desiredSize = 0 } = group.scalingConfig ?? {};
  return {
    id: `${group.clusterName}:${group.nodegroupName}`,
    arn: group.nodegroupArn ?? '',
    cluster_name: group.clusterName ?? '',
    node_group_name: group.nodegroupName ?? '',
    node_role_arn: group.nodeRole ?? '',
    subnet_ids: [...(group.subnets ?? [])].sort(),
    instance_types: [...(group.instanceTypes ?? [])],
    ami_type: group.amiType ?? '',
    scaling_config: [{ desired_size: desiredSize, min_size: minSize, max_size: maxSize }],
    status: group.status ?? '',
    ...eksTags(group.tags ?? {}, context),
  };
}

async function describeGroup(attributes: Attributes, context: ProviderContext): Promise<Nodegroup | null> {
  const command = new DescribeNodegroupCommand({
    clusterName: textOf(attributes, 'cluster_name'),
    nodegroupName: textOf(attributes, 'node_group_name'),
  });
  const found = await orNull(notFound, () => eksClient(context).send(command));
  return found?.nodegroup ?? null;
}

export const nodeGroupKind: ResourceKind = {
  computed: ['id', 'arn', 'status'],
  // An autoscaler moves the size: the module leaves it alone, so it is no drift.
  updatable: ['tags', 'tags_all', 'scaling_config'],
  noun: 'EKS Node Group',
  async create(wanted, context, born) {
    const command = new CreateNodegroupCommand({
      clusterName: textOf(wanted, 'cluster_name'),
      nodegroupName: textOf(wanted, 'node_group_name'),
      nodeRole: textOf(wanted, 'node_role_arn'),
      subnets: textsOf(wanted, 'subnet_ids'),
      instanceTypes: textsOf(wanted, 'instance_types'),
      amiType: 'AL2023_x86_64_STANDARD',
      scalingConfig: scalingOf(wanted),
      tags: mapOf(wanted, 'tags_all'),
    });
    const { nodegroup } = await retried(context, 2 * minutes, isRoleUnknown, () => eksClient(context).send(command));
    born(groupAttributes(nodegroup ?? {}, context));
    const ready = await until(context, 60 * minutes, 'EKS Node Group to become ACTIVE', async () => {
      const current = await describeGroup(wanted, context);
      if (current === null) throw new Error("waiting for EKS Node Group create: couldn't find resource");
      if (current.status === 'CREATE_FAILED')
        throw new Error("waiting for EKS Node Group create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'");
      return current.status === 'ACTIVE' ? current : undefined;
    });
    return groupAttributes(ready, context);
  },
  async read(held, context) {
    const group = await describeGroup(held, context);
    if (group === null || group.status === 'DELETING') return null;
    return { ...groupAttributes(group, context), scaling_config: held.scaling_config ?? [] };
  },
  update: changeEksTags,
  async remove(held, context) {
    const command = new DeleteNodegroupCommand({
      clusterName: textOf(held, 'cluster_name'),
      nodegroupName: textOf(held, 'node_group_name'),
    });
    await orNull(notFound, () => eksClient(context).send(command));
    await until(context, 60 * minutes, 'EKS Node Group to be deleted', async () =>
      (await describeGroup(held, context)) === null ? true : undefined,
    );
  },
};

function addonAttributes(addon: Addon, context: ProviderContext): Attributes {
  return {
    id: `${addon.clusterName}:${addon.addonName}`,
    arn: addon.addonArn ?? '',
    cluster_name: addon.clusterName ?? '',
    addon_name: addon.addonName ?? '',
    addon_version: addon.addonVersion ?? '',
    ...eksTags(addon.tags ?? {}, context),
  };
}

async function describeAddon(attributes: Attributes, context: ProviderContext): Promise<Addon | null> {
  const command = new DescribeAddonCommand({
    clusterName: textOf(attributes, 'cluster_name'),
    addonName: textOf(attributes, 'addon_name'),
  });
  const found = await orNull(notFound, () => eksClient(context).send(command));
  return found?.addon ?? null;
}

export const addonKind: ResourceKind = {
  computed: ['id', 'arn', 'addon_version'],
  updatable: ['tags', 'tags_all'],
  noun: 'EKS Add-On',
  async create(wanted, context, born) {
    const command = new CreateAddonCommand({
      clusterName: textOf(wanted, 'cluster_name'),
      addonName: textOf(wanted, 'addon_name'),
      resolveConflicts: 'OVERWRITE',
      tags: mapOf(wanted, 'tags_all'),
    });
    const { addon } = await eksClient(context).send(command);
    born(addonAttributes(addon ?? {}, context));
    const ready = await until(context, 20 * minutes, 'EKS Add-On to become ACTIVE', async () => {
      const current = await describeAddon(wanted, context);
      if (current === null) throw new Error("waiting for EKS Add-On create: couldn't find resource");
      if (current.status === 'CREATE_FAILED')
        throw new Error("waiting for EKS Add-On create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'");
      return current.status === 'ACTIVE' ? current : undefined;
    });
    return addonAttributes(ready, context);
  },
  async read(held, context) {
    const addon = await describeAddon(held, context);
    return addon === null || addon.status === 'DELETING' ? null : addonAttributes(addon, context);
  },
  update: changeEksTags,
  async remove(held, context) {
    const command = new DeleteAddonCommand({ clusterName: textOf(held, 'cluster_name'), addonName: textOf(held, 'addon_name') });
    await orNull(notFound, () => eksClient(context).send(command));
    await until(context, 40 * minutes, 'EKS Add-On to be deleted', async () =>
      (await describeAddon(held, context)) === null ? true : undefined,
    );
  },
};
