import type { Route53 } from '../clients/aws.ts';
import { isJsonObject, type Json } from '../kit/json.ts';
import { plannedChanges } from './planned.ts';
import type { Search } from './search.ts';

/** Records carry no tag: in the zones of its plans, those that point to what only this run made them point to. */
export const route53Search: Search = {
  system: 'Route 53',
  async search({ clients, plans }) {
    const changes = plannedChanges(plans, 'route53.record');
    const before = new Set(changes.flatMap((change) => targetsOf(change.before)));
    const made = new Set(changes.flatMap((change) => targetsOf(change.after)));
    for (const known of before) made.delete(known);
    const zones = [...new Set(changes.flatMap(({ id }) => id.zone ?? []))];
    if (zones.length === 0) return [];
    const route53 = await clients.route53();
    const perZone = await Promise.all(
      zones.map(async (zone) => {
        const records = await recordsOf(route53, zone);
        return records
          .filter(({ targets }) => targets.some((target) => made.has(target)))
          .map(({ type, name, targets }) => ({
            what: `record ${type} ${name} to ${targets.join(', ')}`,
            where: `zone ${zone}`,
            remove: 'let it point to where it shall, or delete it (aws route53 change-resource-record-sets)',
          }));
      }),
    );
    return perZone.flat();
  },
};

/** The host names in the state of a record. */
function targetsOf(state: Json): string[] {
  if (!isJsonObject(state)) return [];
  const alias = isJsonObject(state.alias) && typeof state.alias.name === 'string' ? [state.alias.name] : [];
  const values = Array.isArray(state.values) ? state.values.filter((value) => typeof value === 'string') : [];
  return [...alias, ...values].map(hostName);
}

function hostName(text: string): string {
  return text
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^dualstack\./, '');
}

interface FoundRecord {
  readonly name: string;
  readonly type: string;
  readonly targets: readonly string[];
}

async function recordsOf(route53: Route53, zone: string): Promise<FoundRecord[]> {
  const found: FoundRecord[] = [];
  let start = {};
  for (let more = true; more; ) {
    const page = await route53.listResourceRecordSets({ HostedZoneId: zone, ...start });
    for (const { Name: name = '', Type: type = '', AliasTarget, ResourceRecords = [] } of page.ResourceRecordSets ?? []) {
      const targets = [AliasTarget?.DNSName ?? [], ResourceRecords.flatMap(({ Value = '' }) => Value)].flat().map(hostName);
      found.push({ name, type, targets });
    }
    more = page.IsTruncated === true;
    start = {
      StartRecordName: page.NextRecordName,
      StartRecordType: page.NextRecordType,
      ...(page.NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: page.NextRecordIdentifier }),
    };
  }
  return found;
}
