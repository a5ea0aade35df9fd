import { awsFault } from '../aws/fault.ts';
import { texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import { ec2Response, regionName } from './call.ts';
import { filterItems } from './filters.ts';
import { regionNames, zonesOf } from './regions.ts';

const attributes: Readonly<Record<string, readonly string[]>> = {
  'supported-platforms': ['VPC'],
  'default-vpc': ['none'],
  'max-instances': ['20'],
  'vpc-max-security-groups-per-interface': ['5'],
  'max-elastic-ips': ['5'],
  'vpc-max-elastic-ips': ['5'],
};

function named<T>(asked: readonly string[], all: readonly T[], nameOf: (item: T) => string, what: string): T[] {
  const unknown = asked.find((name) => !all.some((item) => nameOf(item) === name));
  if (unknown) throw awsFault(400, 'InvalidParameterValue', `Invalid ${what}: [${unknown}]`);
  return all.filter((item) => asked.length === 0 || asked.includes(nameOf(item)));
}

export const accountOperations: QueryOperations = {
  DescribeRegions: {
    parameters: ['RegionName', 'Filter', 'AllRegions', 'DryRun'],
    mutates: false,
    handle(call) {
      const asked = named(texts(call.parameters, 'RegionName'), regionNames, (name) => name, 'region');
      const items = asked.map((name) => ({ name, tags: {} }));
      const filtered = filterItems(call, items, { 'region-name': ({ name }) => name, 'opt-in-status': () => 'opt-in-not-required' });
      const views = filtered.map(({ name }) => ({
        regionName: name,
        regionEndpoint: `ec2.${name}.amazonaws.com`,
        optInStatus: 'opt-in-not-required',
      }));
      return ec2Response(call.action, { regionInfo: views });
    },
  },
  DescribeAvailabilityZones: {
    parameters: ['ZoneName', 'ZoneId', 'Filter', 'AllAvailabilityZones', 'DryRun'],
    mutates: false,
    handle(call, request) {
      const region = regionName(request);
      const byName = named(texts(call.parameters, 'ZoneName'), zonesOf(region), (zone) => zone.name, 'availability zone');
      const found = named(texts(call.parameters, 'ZoneId'), byName, (zone) => zone.id, 'availability zone');
      const filtered = filterItems(
        call,
        found.map((zone) => ({ ...zone, tags: {} })),
        {
          'zone-name': (zone) => zone.name,
          'zone-id': (zone) => zone.id,
          'region-name': () => region,
          state: () => 'available',
          'zone-type': () => 'availability-zone',
          'opt-in-status': () => 'opt-in-not-required',
        },
      );
      const views = filtered.map((zone) => ({
        optInStatus: 'opt-in-not-required',
        groupName: region,
        networkBorderGroup: region,
        zoneName: zone.name,
        zoneId: zone.id,
        zoneType: 'availability-zone',
        zoneState: 'available',
        regionName: region,
        messageSet: [],
      }));
      return ec2Response(call.action, { availabilityZoneInfo: views });
    },
  },
  DescribeAccountAttributes: {
    parameters: ['AttributeName', 'DryRun'],
    mutates: false,
    handle(call) {
      const names = named(texts(call.parameters, 'AttributeName'), Object.keys(attributes), (name) => name, 'attribute');
      const views = names.map((name) => ({
        attributeName: name,
        attributeValueSet: (attributes[name] ?? []).map((value) => ({ attributeValue: value })),
      }));
      return ec2Response(call.action, { accountAttributeSet: views });
    },
  },
};
