import { reversedName } from './names.ts';
import type { HostedZone, RecordSet } from './state.ts';

type Identity = Pick<RecordSet, 'Name' | 'Type' | 'SetIdentifier'>;

/** The identity of a record set within its zone. Names are canonical. */
export function recordKey({ Name, Type, SetIdentifier = '' }: Identity): string {
  return `${Name} ${Type} ${SetIdentifier}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Order of ListResourceRecordSets: by name with reversed labels, then type, then set identifier, in ASCII. */
export function compareRecords(a: Identity, b: Identity): number {
  return (
    compare(reversedName(a.Name), reversedName(b.Name)) || compare(a.Type, b.Type) || compare(a.SetIdentifier ?? '', b.SetIdentifier ?? '')
  );
}

/** A zone's record sets in the order of the API. */
export function sortedRecords(zone: HostedZone): RecordSet[] {
  return Object.values(zone.records).sort(compareRecords);
}
