import { isDeepStrictEqual } from 'node:util';
import type { World } from '../world.ts';
import { aliasProblem } from './alias.ts';
import { valueProblems } from './check-record.ts';
import { isInZone, nameProblem } from './names.ts';
import { recordKey } from './record-order.ts';
import { routingProblem, weightedTtlProblems } from './routing.ts';
import type { HostedZone, RecordSet } from './state.ts';

export type ChangeAction = 'CREATE' | 'DELETE' | 'UPSERT';

export interface RecordChange {
  readonly action: ChangeAction;
  readonly record: RecordSet;
}

function label({ Name, Type, SetIdentifier }: RecordSet): string {
  const identifier = SetIdentifier === undefined ? '' : `, set-identifier='${SetIdentifier}'`;
  return `resource record set [name='${Name}', type='${Type}'${identifier}]`;
}

function canonical(record: RecordSet): RecordSet {
  const values = record.ResourceRecords;
  return values ? { ...record, ResourceRecords: [...values].sort() } : record;
}

function isApex(zone: HostedZone, record: RecordSet): boolean {
  return record.Name === zone.name && (record.Type === 'NS' || record.Type === 'SOA');
}

function deleteProblem(zone: HostedZone, record: RecordSet, current: RecordSet | undefined): string | null {
  if (isApex(zone, record)) {
    return record.Type === 'SOA'
      ? 'A HostedZone must contain exactly one SOA record.'
      : 'A HostedZone must contain at least one NS record for the zone itself.';
  }
  if (!current) return `Tried to delete ${label(record)} but it was not found`;
  if (isDeepStrictEqual(canonical(current), canonical(record))) return null;
  return `Tried to delete ${label(record)} but the values provided do not match the current values`;
}

/** Conflicts with the other records of the same name: CNAME beside others, and those of routing. */
function neighbourProblem(zone: HostedZone, record: RecordSet, others: readonly RecordSet[]): string | null {
  const { Name, Type } = record;
  if (Type === 'CNAME' && Name === zone.name)
    return `RRSet of type CNAME with DNS name ${Name} is not permitted at apex in zone ${zone.name}`;
  if (Type === 'CNAME' && others.some((other) => other.Type !== 'CNAME')) {
    return `RRSet of type CNAME with DNS name ${Name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`;
  }
  if (Type !== 'CNAME' && others.some((other) => other.Type === 'CNAME')) {
    return `RRSet of type ${Type} with DNS name ${Name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}`;
  }
  return routingProblem(
    record,
    others.filter((other) => other.Type === Type),
  );
}

function putProblems(world: World, zone: HostedZone, { action, record }: RecordChange): string[] {
  const { Name } = record;
  const badName = nameProblem(Name);
  if (badName !== null) return [`FATAL problem: ${badName} encountered with '${Name}'`];
  if (!isInZone(Name, zone.name)) return [`RRSet with DNS name ${Name} is not permitted in zone ${zone.name}`];
  const key = recordKey(record);
  if (action === 'CREATE' && zone.records[key]) return [`Tried to create ${label(record)} but it already exists`];
  const others = Object.values(zone.records).filter((other) => other.Name === Name && recordKey(other) !== key);
  const neighbour = neighbourProblem(zone, record, others);
  const alias = aliasProblem(world, zone, record);
  return [...(neighbour === null ? [] : [neighbour]), ...(alias === null ? [] : [alias]), ...valueProblems(record)];
}

/** The same record set may be changed once in a batch, or deleted and then created. */
function repeatProblem(seen: readonly ChangeAction[], { action, record }: RecordChange): string | null {
  if (seen.length === 0 || (seen.length === 1 && seen[0] === 'DELETE' && action !== 'DELETE')) return null;
  return `The request contains an invalid set of changes for a resource record set '${record.Type} ${record.Name}'`;
}

/**
 * The zone's records after all changes, in their order, or every problem found. The zone itself stays as it is, so that a
 * batch is applied as a whole or not at all.
 */
export function changedRecords(
  world: World,
  zone: HostedZone,
  changes: readonly RecordChange[],
): { readonly records: Record<string, RecordSet> } | { readonly problems: readonly string[] } {
  const draft: HostedZone = { ...zone, records: { ...zone.records } };
  const seen = new Map<string, ChangeAction[]>();
  // Aliases within the zone look their targets up in the draft.
  const view: World = { ...world, route53: { ...world.route53, zones: { ...world.route53.zones, [zone.id]: draft } } };
  const problems: string[] = [];
  for (const change of changes) {
    const { action, record } = change;
    const key = recordKey(record);
    const actions = seen.get(key) ?? [];
    const repeated = repeatProblem(actions, change);
    seen.set(key, [...actions, action]);
    const deletion = action === 'DELETE' ? deleteProblem(draft, record, draft.records[key]) : null;
    const found =
      repeated !== null ? [repeated] : action === 'DELETE' ? (deletion === null ? [] : [deletion]) : putProblems(view, draft, change);
    problems.push(...found);
    if (found.length > 0) continue;
    if (action === 'DELETE') delete draft.records[key];
    else draft.records[key] = record;
  }
  // Judged by the end of the batch: only so can the TTL of a whole weighted set be changed.
  const changed = changes.filter(({ action }) => action !== 'DELETE').map(({ record }) => record);
  problems.push(...weightedTtlProblems(changed, Object.values(draft.records)));
  return problems.length > 0 ? { problems } : { records: draft.records };
}
