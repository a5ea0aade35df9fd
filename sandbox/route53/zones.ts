import { createHash } from 'node:crypto';
import type { World } from '../world.ts';
import { canonicalName } from './names.ts';
import { recordKey } from './record-order.ts';
import type { HostedZone, RecordSet, Route53State } from './state.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** An id in Route 53's form: a letter (`Z` zone, `C` change) and 20 characters. */
export function nextRoute53Id(route53: Route53State, letter: 'Z' | 'C'): string {
  route53.counter += 1;
  const digest = createHash('sha256').update(`${letter}${route53.counter}`).digest();
  return `${letter}0${[...digest.subarray(0, 19)].map((byte) => alphabet[byte % alphabet.length]).join('')}`;
}

/** Health checks have UUIDs. */
export function nextHealthCheckId(route53: Route53State): string {
  route53.counter += 1;
  const digest = createHash('sha256').update(`health check ${route53.counter}`).digest('hex');
  return [digest.slice(0, 8), digest.slice(8, 12), `4${digest.slice(13, 16)}`, `a${digest.slice(17, 20)}`, digest.slice(20, 32)].join('-');
}

/** Four name servers for a zone, as a delegation set has them. */
function nameServersFor(id: string): string[] {
  const seed = createHash('sha256').update(id).digest();
  return ['com', 'net', 'org', 'co.uk'].map(
    (suffix, index) => `ns-${(seed[index] ?? 0) + index * 512}.awsdns-${String((seed[index + 4] ?? 0) % 64).padStart(2, '0')}.${suffix}`,
  );
}

function apexRecords(zone: Pick<HostedZone, 'name' | 'nameServers'>): RecordSet[] {
  const [first = ''] = zone.nameServers;
  return [
    { Name: zone.name, Type: 'NS', TTL: 172800, ResourceRecords: zone.nameServers.map((server) => `${server}.`) },
    { Name: zone.name, Type: 'SOA', TTL: 900, ResourceRecords: [`${first}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`] },
  ];
}

/**
 * Adds a hosted zone with its NS and SOA records, for seeds and for CreateHostedZone. Records are given as the API takes them;
 * their names are made canonical.
 */
export function createZone(
  world: World,
  options: {
    readonly name: string;
    readonly callerReference?: string;
    readonly comment?: string;
    readonly privateZone?: boolean;
    readonly vpcs?: readonly { readonly VPCRegion: string; readonly VPCId: string }[];
    readonly tags?: Readonly<Record<string, string>>;
    readonly records?: readonly RecordSet[];
  },
): HostedZone {
  const { callerReference, comment = '', privateZone = false, vpcs = [], tags = {}, records = [] } = options;
  const id = nextRoute53Id(world.route53, 'Z');
  const name = canonicalName(options.name);
  const nameServers = nameServersFor(id);
  const zone: HostedZone = {
    id,
    name,
    callerReference: callerReference ?? `sandbox-${id}`,
    comment,
    privateZone,
    vpcs: vpcs.map((vpc) => ({ ...vpc })),
    nameServers,
    tags: { ...tags },
    records: {},
  };
  for (const record of [...apexRecords(zone), ...records]) putRecord(zone, record);
  world.route53.zones[id] = zone;
  return zone;
}

/** Stores a record set under its canonical name. */
export function putRecord(zone: HostedZone, record: RecordSet): void {
  const alias = record.AliasTarget;
  const canonical: RecordSet = {
    ...record,
    Name: canonicalName(record.Name),
    ...(alias ? { AliasTarget: { ...alias, DNSName: canonicalName(alias.DNSName) } } : {}),
  };
  zone.records[recordKey(canonical)] = canonical;
}

/** The zone of a name, the longest match, for other systems and seeds; null when no zone holds it. */
export function zoneFor(world: World, name: string): HostedZone | null {
  const canonical = canonicalName(name);
  const holding = Object.values(world.route53.zones).filter((zone) => canonical === zone.name || canonical.endsWith(`.${zone.name}`));
  return holding.sort((a, b) => b.name.length - a.name.length)[0] ?? null;
}
