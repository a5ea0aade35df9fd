import type { Change } from '@aws-sdk/client-route-53';

/** Limits of ChangeResourceRecordSets: ResourceRecord elements, and characters in their values. */
const MOST_RECORDS = 1_000;
const MOST_CHARACTERS = 32_000;

/** Puts the changes of records into as few batches as the limits allow. The changes of one record stay together: a batch is all or nothing. */
export function batches(perRecord: readonly (readonly Change[])[]): Change[][] {
  const found: Change[][] = [];
  let records = 0;
  let characters = 0;
  for (const changes of perRecord) {
    const size = sizeOf(changes);
    records += size.records;
    characters += size.characters;
    const current = found.at(-1);
    if (current === undefined || records > MOST_RECORDS || characters > MOST_CHARACTERS) {
      found.push([...changes]);
      ({ records, characters } = size);
    } else {
      current.push(...changes);
    }
  }
  return found;
}

function sizeOf(changes: readonly Change[]): { records: number; characters: number } {
  const sets = changes.map(({ ResourceRecordSet: set }) => set);
  return {
    records: sets.reduce((sum, set) => sum + (set?.ResourceRecords?.length ?? 1), 0),
    characters: sets.reduce(
      (sum, set) => sum + (set?.ResourceRecords ?? []).reduce((length, { Value }) => length + (Value?.length ?? 0), 0),
      0,
    ),
  };
}
