import { awsFault } from '../aws/fault.ts';
import { structures, text, texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import { addTag, ec2Response, page, regionOf } from './call.ts';
import { filterItems } from './filters.ts';
import type { Ec2Region } from './state.ts';

interface Tagged {
  readonly id: string;
  readonly kind: string;
  readonly tags: Record<string, string>;
}

function taggedIn(region: Ec2Region): Tagged[] {
  const of = (kind: string, items: readonly { readonly id: string; readonly tags: Record<string, string> }[]): Tagged[] =>
    items.map(({ id, tags }) => ({ id, kind, tags }));
  return [
    ...of('vpc', Object.values(region.vpcs)),
    ...of('subnet', Object.values(region.subnets)),
    ...of('security-group', Object.values(region.securityGroups)),
    ...of('natgateway', Object.values(region.natGateways)),
    ...of('instance', Object.values(region.instances)),
    ...of('volume', Object.values(region.volumes)),
    ...of('network-interface', Object.values(region.networkInterfaces)),
    ...of('launch-template', Object.values(region.launchTemplates)),
    ...of('vpc-peering-connection', Object.values(region.peerings)),
    ...Object.values(region.securityGroups).flatMap((group) => of('security-group-rule', group.rules)),
  ];
}

/** What EC2 calls the id of nothing, by the prefix of the id. */
const absent: Readonly<Record<string, readonly [code: string, noun: string]>> = {
  vpc: ['InvalidVpcID.NotFound', 'vpc ID'],
  subnet: ['InvalidSubnetID.NotFound', 'subnet ID'],
  sg: ['InvalidGroup.NotFound', 'security group'],
  i: ['InvalidInstanceID.NotFound', 'instance ID'],
  vol: ['InvalidVolume.NotFound', 'volume'],
  eni: ['InvalidNetworkInterfaceID.NotFound', 'network interface ID'],
  lt: ['InvalidLaunchTemplateId.NotFound', 'launch template ID'],
  sgr: ['InvalidSecurityGroupRuleId.NotFound', 'security group rule ID'],
};

function noSuch(id: string): Error {
  const [code, noun] = absent[id.split('-')[0] ?? ''] ?? [];
  if (code === undefined) return awsFault(400, 'InvalidID', `The ID '${id}' is not valid`);
  return awsFault(400, code, `The ${noun} '${id}' does not exist`);
}

function targets(region: Ec2Region, ids: readonly string[]): Tagged[] {
  if (ids.length === 0) throw awsFault(400, 'MissingParameter', 'The request must contain the parameter resourceIdSet');
  const all = taggedIn(region);
  return ids.map((id) => {
    const found = all.find((each) => each.id === id);
    if (!found) throw noSuch(id);
    return found;
  });
}

function tagViews(region: Ec2Region): { readonly tags: Record<string, string>; readonly view: Record<string, string> }[] {
  return taggedIn(region).flatMap(({ id, kind, tags }) =>
    Object.entries(tags).map(([key, value]) => ({ tags: { [key]: value }, view: { resourceId: id, resourceType: kind, key, value } })),
  );
}

export const tagOperations: QueryOperations = {
  CreateTags: {
    parameters: ['ResourceId', 'Tag', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const found = targets(regionOf(world, request), texts(call.parameters, 'ResourceId'));
      const tags = structures(call.parameters, 'Tag');
      if (tags.length === 0) throw awsFault(400, 'MissingParameter', 'The request must contain the parameter Tag');
      for (const target of found) for (const tag of tags) addTag({ ...target.tags }, tag);
      for (const target of found) for (const tag of tags) addTag(target.tags, tag);
      return ec2Response(call.action, { return: true });
    },
  },
  DeleteTags: {
    parameters: ['ResourceId', 'Tag', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const found = targets(regionOf(world, request), texts(call.parameters, 'ResourceId'));
      for (const target of found) {
        for (const tag of structures(call.parameters, 'Tag')) {
          const key = text(tag, 'Key') ?? '';
          const value = text(tag, 'Value');
          if (value === undefined || target.tags[key] === value) delete target.tags[key];
        }
      }
      return ec2Response(call.action, { return: true });
    },
  },
  DescribeTags: {
    parameters: ['Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const filtered = filterItems(call, tagViews(regionOf(world, request)), {
        'resource-id': ({ view }) => view.resourceId ?? '',
        'resource-type': ({ view }) => view.resourceType ?? '',
        key: ({ view }) => view.key ?? '',
        value: ({ view }) => view.value ?? '',
      });
      const { items, nextToken } = page(call, filtered);
      return ec2Response(call.action, { tagSet: items.map(({ view }): XmlValue => view), nextToken });
    },
  },
};
