import { awsFault } from '../aws/fault.ts';
import { namedList, type XmlValue } from '../aws/xml.ts';
import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';
import type { World } from '../world.ts';
import { changeInfo, recordChange } from './change-records.ts';
import { maxItems } from './list-records.ts';
import { canonicalName, reversedName } from './names.ts';
import type { HostedZone } from './state.ts';
import { allowElements, child, childText, parseXml, xmlResponse } from './xml.ts';
import { createZone } from './zones.ts';

const maximumZones = 100;

/** The zone of that id, with or without `/hostedzone/`. */
export function zoneById(world: World, id: string): HostedZone {
  const zone = world.route53.zones[id];
  if (zone) return zone;
  throw awsFault(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${id}`);
}

function view(zone: HostedZone): { readonly [name: string]: XmlValue } {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { Comment: zone.comment === '' ? undefined : zone.comment, PrivateZone: zone.privateZone },
    ResourceRecordSetCount: Object.keys(zone.records).length,
  };
}

function details(zone: HostedZone): { readonly [name: string]: XmlValue } {
  return {
    HostedZone: view(zone),
    DelegationSet: zone.privateZone ? undefined : { NameServers: namedList('NameServer', zone.nameServers) },
    VPCs: zone.privateZone
      ? namedList(
          'VPC',
          zone.vpcs.map((vpc) => ({ ...vpc })),
        )
      : undefined,
  };
}

export function listHostedZones(request: SandboxRequest, { world }: Sandbox): SandboxResponse {
  const marker = request.query.get('marker');
  const zones = Object.values(world.route53.zones).sort((a, b) => (a.id < b.id ? -1 : 1));
  const start = marker === null ? 0 : zones.findIndex((zone) => zone.id === marker);
  if (start < 0) throw awsFault(400, 'InvalidInput', `Invalid marker: ${marker}`);
  const size = maxItems(request, maximumZones);
  const next = zones[start + size];
  return xmlResponse('ListHostedZonesResponse', {
    HostedZones: namedList('HostedZone', zones.slice(start, start + size).map(view)),
    Marker: marker ?? undefined,
    IsTruncated: next !== undefined,
    NextMarker: next?.id,
    MaxItems: size,
  });
}

export function listHostedZonesByName(request: SandboxRequest, { world }: Sandbox): SandboxResponse {
  const name = request.query.get('dnsname');
  const id = request.query.get('hostedzoneid');
  if (name === null && id !== null) throw awsFault(400, 'InvalidInput', 'The input is not valid: hostedzoneid without dnsname.');
  const key = (zoneName: string, zoneId: string): string => `${reversedName(zoneName)} ${zoneId}`;
  const from = name === null ? '' : key(canonicalName(name), id?.replace('/hostedzone/', '') ?? '');
  const zones = Object.values(world.route53.zones)
    .filter((zone) => key(zone.name, zone.id) >= from)
    .sort((a, b) => (key(a.name, a.id) < key(b.name, b.id) ? -1 : 1));
  const size = maxItems(request, maximumZones);
  const next = zones[size];
  return xmlResponse('ListHostedZonesByNameResponse', {
    HostedZones: namedList('HostedZone', zones.slice(0, size).map(view)),
    DNSName: name ?? undefined,
    HostedZoneId: id ?? undefined,
    IsTruncated: next !== undefined,
    NextDNSName: next?.name,
    NextHostedZoneId: next?.id,
    MaxItems: size,
  });
}

export function getHostedZone(zone: HostedZone): SandboxResponse {
  return xmlResponse('GetHostedZoneResponse', details(zone));
}

export function createHostedZone(request: SandboxRequest, sandbox: Sandbox): SandboxResponse {
  const root = parseXml(request.body, 'CreateHostedZoneRequest');
  allowElements(root, ['Name', 'VPC', 'CallerReference', 'HostedZoneConfig', 'DelegationSetId']);
  const name = childText(root, 'Name');
  const callerReference = childText(root, 'CallerReference');
  if (!name || !callerReference) throw awsFault(400, 'InvalidInput', 'Invalid XML ; Name and CallerReference are required.');
  const zones = Object.values(sandbox.world.route53.zones);
  if (zones.some((zone) => zone.callerReference === callerReference)) {
    throw awsFault(409, 'HostedZoneAlreadyExists', `A hosted zone has already been created with the specified caller reference.`);
  }
  const config = child(root, 'HostedZoneConfig');
  const vpc = child(root, 'VPC');
  const zone = createZone(sandbox.world, {
    name,
    callerReference,
    comment: (config && childText(config, 'Comment')) ?? '',
    privateZone: vpc !== undefined,
    vpcs: vpc ? [{ VPCRegion: childText(vpc, 'VPCRegion') ?? '', VPCId: childText(vpc, 'VPCId') ?? '' }] : [],
  });
  const change = recordChange(sandbox, zone.id, '');
  const answer = xmlResponse('CreateHostedZoneResponse', { ChangeInfo: changeInfo(change, sandbox.clock.now()), ...details(zone) }, 201);
  return { ...answer, headers: { ...answer.headers, location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}` } };
}

export function deleteHostedZone(zone: HostedZone, sandbox: Sandbox): SandboxResponse {
  const own = Object.values(zone.records).filter((record) => record.Name === zone.name && ['NS', 'SOA'].includes(record.Type));
  if (Object.keys(zone.records).length > own.length) {
    throw awsFault(
      400,
      'HostedZoneNotEmpty',
      'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    );
  }
  delete sandbox.world.route53.zones[zone.id];
  const change = recordChange(sandbox, zone.id, '');
  return xmlResponse('DeleteHostedZoneResponse', { ChangeInfo: changeInfo(change, sandbox.clock.now()) });
}
