import { isDeepStrictEqual } from 'node:util';
import { type RoutingPolicy, routingPolicy } from './check-record.ts';
import type { RecordSet } from './state.ts';

const words: Readonly<Record<RoutingPolicy, string>> = {
  Simple: 'simple',
  Weight: 'weighted',
  Region: 'latency',
  Failover: 'failover',
  MultiValueAnswer: 'multivalue answer',
  GeoLocation: 'geolocation',
  GeoProximityLocation: 'geoproximity',
  CidrRoutingConfig: 'CIDR',
};

/** The policies whose sets hold one record a place: one latency record a region, one geolocation record a location, one primary and one secondary. */
const places = ['Region', 'Failover', 'GeoLocation'] as const;

function title({ Name, Type, SetIdentifier }: RecordSet): string {
  return `RRSet with DNS name ${Name}, type ${Type}${SetIdentifier === undefined ? '' : `, SetIdentifier ${SetIdentifier}`}`;
}

/** What keeps a record out of the set of those with its name and type (`sameSet`, without itself): another policy, or its place taken. */
export function routingProblem(record: RecordSet, sameSet: readonly RecordSet[]): string | null {
  const policy = routingPolicy(record);
  if (policy === null || sameSet.length === 0) return null;
  if (policy === 'Simple') return `${title(record)} cannot be created as other RRSets exist with the same name and type.`;
  const word = words[policy];
  if (sameSet.some((other) => routingPolicy(other) !== policy)) {
    return `${title(record)} cannot be created as a non-${word} set exists with the same name and type.`;
  }
  const place = places.find((member) => member === policy);
  if (place === undefined || !sameSet.some((other) => isDeepStrictEqual(other[place], record[place]))) return null;
  return `${title(record)} cannot be created because a ${word} RRSet with the same name, type and ${place.toLowerCase()} already exists.`;
}

/** Weighted records of one name and type share one TTL (documented with the TTL of ResourceRecordSet). Aliases have none. */
export function weightedTtlProblems(changed: readonly RecordSet[], all: readonly RecordSet[]): string[] {
  return changed
    .filter((record) => record.Weight !== undefined && record.TTL !== undefined)
    .filter((record) => all.some((other) => isSibling(record, other) && other.TTL !== undefined && other.TTL !== record.TTL))
    .map((record) => `${title(record)} cannot be created as weighted sets must contain the same TTL.`);
}

function isSibling(record: RecordSet, other: RecordSet): boolean {
  return other.Weight !== undefined && other.Name === record.Name && other.Type === record.Type;
}
