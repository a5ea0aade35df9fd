import type { Change } from '@aws-sdk/client-route-53';
import * as z from 'zod';
import type { Route53 } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { plainName } from '../endpoints/host-name.ts';
import { defineDriver, type Observed, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import type { Owner } from '../kit/resource.ts';
import { RUN_TAG, SCOPE_TAG } from '../naming.ts';
import { ownerByTags } from './cluster-owner.ts';
import { batches } from './route53-batches.ts';
import { findRecord, listZone, type RecordState, recordSet, type ZoneRecord } from './route53-reading.ts';

const id = z.strictObject({
  /** Hosted zone id. */
  zone: z.string(),
  /** Lower case, without trailing dot and escapes. */
  name: z.string(),
  type: z.string(),
  /** The set identifier of a record with a routing policy, else ''. */
  set: z.string(),
});

const state = z.strictObject({
  alias: z.strictObject({ zone: z.string(), name: z.string(), evaluateTargetHealth: z.boolean() }).nullable(),
  ttl: z.number().nullable(),
  values: z.array(z.string()),
  routing: z.custom<JsonObject>((value) => isJsonObject(value as Json)),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type RecordClients = Pick<Clients, 'route53' | 'clock' | 'signal'>;

/** Beyond this many records of a zone, reading the zone is cheaper than a request each. */
const WORTH_A_LIST = 5;
/** No change is everywhere earlier than this; then every few seconds, which for as many zones at once stays within the account's rate. */
const FIRST_POLL_SECONDS = 10;
const POLL_SECONDS = 3;
const INSYNC_LIMIT_SECONDS = 600;

/** A record in a Route 53 hosted zone. Changes of one zone go in one batch, which deletes exactly the old record and creates the new. */
export const route53Record = defineDriver<Id, State, RecordClients>({
  kind: 'route53.record',
  noun: 'Route 53 record',
  compareAndSwap: { cas: 'yes', by: 'DELETE of the exact old record with CREATE of the new one in one batch' },
  permissions: {
    read: ['route53:ListResourceRecordSets', 'route53:ListTagsForResource'],
    write: ['route53:ChangeResourceRecordSets', 'route53:GetChange'],
  },
  // Zones don't wait for each other. A zone takes one batch at a time: its records are one group.
  concurrency: 20,
  batch: 400,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ zone, name, type, set }) => `${name} ${type}${set === '' ? '' : ` (${set})`} in ${zone}`,
  group: ({ zone }) => zone,
  canonical: ({ alias, values, ...rest }) => ({
    ...rest,
    alias: alias === null ? null : { ...alias, name: plainName(alias.name) },
    values: [...values].sort(),
  }),
  read,
  write,
});

async function read(clients: RecordClients, ids: readonly Id[]): Promise<Observed<State>[]> {
  const route53 = await clients.route53();
  const zones = [...new Set(ids.map(({ zone }) => zone))];
  const found = new Map<string, Observed<State>>();
  await Promise.all(
    zones.map(async (zone) => {
      const members = ids.filter((member) => member.zone === zone);
      const owner = await zoneOwner(route53, zone);
      const records = await readRecords(route53, zone, members);
      members.forEach((member) => {
        const record = records.find(({ name, type, set }) => name === plainName(member.name) && type === member.type && set === member.set);
        found.set(
          keyOf(member),
          record === undefined ? { state: null, owner } : { state: mutable(record.state), owner, version: record.raw },
        );
      });
    }),
  );
  return ids.map(
    (member) => found.get(keyOf(member)) ?? { state: null, owner: { kind: 'other', detail: `zone ${member.zone} was not read` } },
  );
}

async function readRecords(route53: Route53, zone: string, members: readonly Id[]): Promise<ZoneRecord[]> {
  if (members.length > WORTH_A_LIST) return listZone(route53, zone);
  const records = await Promise.all(members.map((member) => findRecord(route53, zone, member)));
  return records.filter((record) => record !== null);
}

/** Whose a zone is, by its tags. */
export async function zoneOwner(route53: Route53, zone: string): Promise<Owner> {
  const answer = await unlessMissing(route53.listTagsForResource({ ResourceType: 'hostedzone', ResourceId: zone }), 'NoSuchHostedZone');
  if (answer === null) return { kind: 'other', detail: `the hosted zone ${zone} does not exist` };
  const tags = Object.fromEntries((answer.ResourceTagSet?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  return ownerByTags(tags) ?? { kind: 'other', detail: `the hosted zone ${zone} carries neither ${SCOPE_TAG} nor ${RUN_TAG}` };
}

async function write(clients: RecordClients, writes: readonly Write<Id, State>[]): Promise<void> {
  const route53 = await clients.route53();
  const [first] = writes;
  if (first === undefined) return;
  for (const Changes of batches(writes.map(changesOf))) {
    const { ChangeInfo } = await route53.changeResourceRecordSets({
      HostedZoneId: first.id.zone,
      ChangeBatch: { Comment: `eks-dr: ${writes.length} records`, Changes },
    });
    if (ChangeInfo?.Id !== undefined) await untilInSync(clients, route53, ChangeInfo.Id, first.id.zone);
  }
}

function changesOf({ id: at, after, observed }: Write<Id, State>): Change[] {
  const old = observed.version as ZoneRecord['raw'] | undefined;
  const changes: Change[] = [];
  if (old !== undefined) changes.push({ Action: 'DELETE', ResourceRecordSet: old });
  if (after !== null) changes.push({ Action: 'CREATE', ResourceRecordSet: recordSet(at, after) });
  return changes;
}

/** Waits until every name server of Route 53 has the batch: until then the next batch for the zone would be refused anyway. */
async function untilInSync({ clock, signal }: RecordClients, route53: Route53, Id: string, zone: string): Promise<void> {
  const deadline = clock.now() + INSYNC_LIMIT_SECONDS * 1000;
  await clock.sleep(FIRST_POLL_SECONDS, signal);
  for (;;) {
    const status = await statusOf(route53, Id);
    if (status === 'INSYNC') return;
    if (clock.now() >= deadline) {
      throw new EksDrError('not-visible-yet', {
        message: `The records of zone ${zone} were changed in Route 53, but the change ${Id} is not INSYNC after ${INSYNC_LIMIT_SECONDS} s: it is ${status}.`,
        target: Id,
      });
    }
    await clock.sleep(POLL_SECONDS, signal);
  }
}

/** A change that can't be looked at for a while goes on: who gave up here would find its records and take them for served everywhere. */
async function statusOf(route53: Route53, Id: string): Promise<string> {
  try {
    return (await route53.getChange({ Id })).ChangeInfo?.Status ?? 'of unknown status';
  } catch (thrown) {
    if (!(thrown instanceof EksDrError) || thrown.category !== 'unavailable') throw thrown;
    return `not known (${thrown.message.replace(/\.$/, '')})`;
  }
}

function mutable({ alias, ttl, values, routing }: RecordState): State {
  return { alias, ttl, values: [...values], routing };
}

function keyOf({ zone, name, type, set }: Id): string {
  return `${zone} ${name} ${type} ${set}`;
}
