import type { RecordState, ZoneRecord } from '../resources/route53-reading.ts';
import type { DnsPair } from './endpoint-map.ts';
import { inTheFormOf, normalisedHost } from './host-name.ts';

/** Where a record points: an alias target or the one value of a CNAME, normalised; null for anything else. */
export function targetOf({ type, state }: Pick<ZoneRecord, 'type' | 'state'>): string | null {
  if (state.alias !== null) return normalisedHost(state.alias.name);
  const [value] = state.values;
  return type === 'CNAME' && value !== undefined ? normalisedHost(value) : null;
}

/** The record with its old endpoint replaced by the new one, and nothing else changed. */
export function switched(state: RecordState, { new: to }: Pick<DnsPair, 'new'>): RecordState {
  if (state.alias !== null)
    return { ...state, alias: { ...state.alias, zone: to.zoneId, name: inTheFormOf(state.alias.name, to.dnsName) } };
  return { ...state, values: state.values.map((old) => `${inTheFormOf(old, to.dnsName)}${old.endsWith('.') ? '.' : ''}`) };
}
