import type { World } from '../world.ts';
import { sortedRecords } from './record-order.ts';
import type { HostedZone, RecordSet } from './state.ts';

function recordView(world: World, record: RecordSet): unknown {
  const { AliasTarget: alias, ResourceRecords: values, ...rest } = record;
  const target = alias && { ...alias, HostedZoneId: world.route53.zones[alias.HostedZoneId]?.name ?? alias.HostedZoneId };
  return { ...rest, ...(values ? { ResourceRecords: [...values].sort() } : {}), ...(target ? { AliasTarget: target } : {}) };
}

function zoneView(world: World, zone: HostedZone): unknown {
  const own = (record: RecordSet): boolean => record.Name === zone.name && ['NS', 'SOA'].includes(record.Type);
  return {
    name: zone.name,
    comment: zone.comment,
    privateZone: zone.privateZone,
    tags: zone.tags,
    // The zone's own NS and SOA come from its generated id.
    records: sortedRecords(zone)
      .filter((record) => !own(record))
      .map((record) => recordView(world, record)),
  };
}

/** By caller reference, which is the only name that is not made up by the server. */
function healthChecksView(world: World): unknown {
  return Object.fromEntries(
    Object.values(world.route53.healthChecks)
      .map(({ callerReference, config, tags }) => [callerReference, { ...config, tags }] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Every zone with its records, by name; names that several zones share get a number. */
export function dumpRoute53(world: World): unknown {
  const views = Object.values(world.route53.zones).map((zone) => ({ name: zone.name, view: zoneView(world, zone) }));
  const sorted = views.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const named = sorted.map(({ name, view }, index) => {
    const before = sorted.slice(0, index).filter((other) => other.name === name).length;
    return [before === 0 ? name : `${name}#${before + 1}`, view] as const;
  });
  return { zones: Object.fromEntries(named), healthChecks: healthChecksView(world) };
}
