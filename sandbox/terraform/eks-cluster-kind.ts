import {
  type Cluster,
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  EKSClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eks';
import type { ProviderContext, ResourceKind } from './kinds.ts';
import { type Attributes, isRecord, mapOf, textOf, textsOf, type Value } from './values.ts';
import { orNull, retried, until } from './waiting.ts';

const minutes = 60_000;

export const eksClient = ({ region }: ProviderContext): EKSClient => new EKSClient({ region, maxAttempts: 5 });

export const notFound = ['ResourceNotFoundException'];

/** A role that IAM has made just now is not there yet for EKS, which says so of a cluster's in one way and of a node group's in another. */
export function isRoleUnknown(error: unknown): boolean {
  const { name, message } = error as Error;
  return (
    name === 'InvalidParameterException' &&
    /roleArn, .*does not exist|role .*(cannot be found|could not be assumed)|Role with arn/i.test(message)
  );
}

/** EKS's tags as `tags` and `tags_all`. */
export function eksTags(all: Readonly<Record<string, string>>, { defaultTags }: ProviderContext): Attributes {
  const own = Object.fromEntries(Object.entries(all).filter(([key, value]) => defaultTags[key] !== value));
  return { tags: own, tags_all: { ...all } };
}

/** Brings the tags of an EKS object from `held` to `wanted`. */
export async function changeEksTags(held: Attributes, wanted: Attributes, context: ProviderContext): Promise<Attributes> {
  const before = mapOf(held, 'tags_all');
  const after = mapOf(wanted, 'tags_all');
  const resourceArn = textOf(held, 'arn');
  const gone = Object.keys(before).filter((key) => after[key] === undefined);
  if (gone.length > 0) await eksClient(context).send(new UntagResourceCommand({ resourceArn, tagKeys: gone }));
  if (JSON.stringify(before) !== JSON.stringify(after)) await eksClient(context).send(new TagResourceCommand({ resourceArn, tags: after }));
  return { ...held, tags: mapOf(wanted, 'tags'), tags_all: after };
}

function section(attributes: Attributes, name: string): Attributes {
  const value = attributes[name];
  const first: Value | undefined = Array.isArray(value) ? value[0] : undefined;
  return isRecord(first) ? first : {};
}

function attributesOf(cluster: Cluster, context: ProviderContext): Attributes {
  const vpc = cluster.resourcesVpcConfig ?? {};
  return {
    id: cluster.name ?? '',
    name: cluster.name ?? '',
    arn: cluster.arn ?? '',
    version: cluster.version ?? '',
    role_arn: cluster.roleArn ?? '',
    access_config: [{ authentication_mode: cluster.accessConfig?.authenticationMode ?? 'CONFIG_MAP' }],
    vpc_config: [
      {
        subnet_ids: [...(vpc.subnetIds ?? [])].sort(),
        security_group_ids: [...(vpc.securityGroupIds ?? [])].sort(),
        endpoint_private_access: vpc.endpointPrivateAccess ?? false,
        endpoint_public_access: vpc.endpointPublicAccess ?? true,
      },
    ],
    cluster_security_group_id: vpc.clusterSecurityGroupId ?? '',
    endpoint: cluster.endpoint ?? '',
    certificate_authority: [{ data: cluster.certificateAuthority?.data ?? '' }],
    identity: [{ oidc: [{ issuer: cluster.identity?.oidc?.issuer ?? '' }] }],
    platform_version: cluster.platformVersion ?? '',
    ...eksTags(cluster.tags ?? {}, context),
  };
}

async function describe(name: string, context: ProviderContext): Promise<Cluster | null> {
  const found = await orNull(notFound, () => eksClient(context).send(new DescribeClusterCommand({ name })));
  return found?.cluster ?? null;
}

export const clusterKind: ResourceKind = {
  computed: ['id', 'arn', 'endpoint', 'certificate_authority', 'identity', 'platform_version', 'cluster_security_group_id'],
  updatable: ['tags', 'tags_all'],
  noun: 'EKS Cluster',
  async create(wanted, context, born) {
    const vpc = section(wanted, 'vpc_config');
    const name = textOf(wanted, 'name');
    const command = new CreateClusterCommand({
      name,
      version: textOf(wanted, 'version'),
      roleArn: textOf(wanted, 'role_arn'),
      resourcesVpcConfig: {
        subnetIds: textsOf(vpc, 'subnet_ids'),
        securityGroupIds: textsOf(vpc, 'security_group_ids'),
        endpointPrivateAccess: vpc.endpoint_private_access === true,
        endpointPublicAccess: vpc.endpoint_public_access === true,
      },
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
      bootstrapSelfManagedAddons: false,
      tags: mapOf(wanted, 'tags_all'),
    });
    const { cluster } = await retried(context, 2 * minutes, isRoleUnknown, () => eksClient(context).send(command));
    born(attributesOf(cluster ?? {}, context));
    const ready = await until(context, 30 * minutes, `EKS Cluster (${name}) to become ACTIVE`, async () => {
      const current = await describe(name, context);
      if (current === null) throw new Error(`waiting for EKS Cluster (${name}) create: couldn't find resource`);
      if (current.status === 'FAILED')
        throw new Error(`waiting for EKS Cluster (${name}) create: unexpected state 'FAILED', wanted target 'ACTIVE'`);
      return current.status === 'ACTIVE' ? current : undefined;
    });
    return attributesOf(ready, context);
  },
  async read(held, context) {
    const cluster = await describe(textOf(held, 'id'), context);
    return cluster === null || cluster.status === 'DELETING' ? null : attributesOf(cluster, context);
  },
  update: changeEksTags,
  async remove(held, context) {
    const name = textOf(held, 'id');
    const inUse = (error: unknown): boolean => (error as Error).name === 'ResourceInUseException';
    await orNull(notFound, () => retried(context, 15 * minutes, inUse, () => eksClient(context).send(new DeleteClusterCommand({ name }))));
    await until(context, 15 * minutes, `EKS Cluster (${name}) to be deleted`, async () =>
      (await describe(name, context)) === null ? true : undefined,
    );
  },
};
