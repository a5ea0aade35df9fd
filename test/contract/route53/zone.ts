import {
  type Change,
  type ChangeAction,
  type ChangeInfo,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { Aws } from '../subjects/aws.ts';
import { unique } from '../unique.ts';

/** A public hosted zone of its own, with a client. */
export interface Zone {
  readonly client: Route53Client;
  /** Without `/hostedzone/`. */
  readonly id: string;
  /** Without the final dot. */
  readonly name: string;
  change(...changes: readonly Change[]): Promise<ChangeInfo | undefined>;
  /** One batch that takes this action for each record set. */
  all(action: ChangeAction, ...records: readonly ResourceRecordSet[]): Promise<ChangeInfo | undefined>;
  list(input?: Omit<ListResourceRecordSetsCommandInput, 'HostedZoneId'>): Promise<ListResourceRecordSetsCommandOutput>;
  /** What lies in the zone beside its own NS and SOA. */
  records(): Promise<ResourceRecordSet[]>;
}

export function route53Client(aws: Aws): Route53Client {
  return new Route53Client(aws.config({ region: 'us-east-1' }));
}

/** Makes a zone and its first records. */
export async function newZone(aws: Aws, ...first: readonly ResourceRecordSet[]): Promise<Zone> {
  const client = route53Client(aws);
  const name = `${unique('zone')}.example.com`;
  const { HostedZone } = await client.send(new CreateHostedZoneCommand({ Name: name, CallerReference: unique('contract') }));
  const id = HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
  const zone: Zone = {
    client,
    id,
    name,
    async change(...Changes) {
      const answer = await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes: [...Changes] } }));
      return answer.ChangeInfo;
    },
    all: (Action, ...records) => zone.change(...records.map((ResourceRecordSet) => ({ Action, ResourceRecordSet }))),
    list: (input = {}) => client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id, ...input })),
    async records() {
      const { ResourceRecordSets = [] } = await zone.list();
      return ResourceRecordSets.filter(({ Name, Type }) => Name !== `${name}.` || !['NS', 'SOA'].includes(Type ?? ''));
    },
  };
  if (first.length > 0) await zone.all('CREATE', ...first.map((record) => under(zone, record)));
  return zone;
}

/** A record set whose name is relative to the zone, under its full name. */
export function under({ name }: Pick<Zone, 'name'>, record: ResourceRecordSet): ResourceRecordSet {
  return { ...record, Name: `${record.Name}.${name}` };
}

/** An A record; the name is relative to a zone (see `under`) or whole. */
export function a(Name: string, ...addresses: readonly string[]): ResourceRecordSet {
  return record(Name, 'A', ...(addresses.length === 0 ? ['192.0.2.1'] : addresses));
}

export function record(Name: string, Type: ResourceRecordSet['Type'], ...values: readonly string[]): ResourceRecordSet {
  return { Name, Type, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })) };
}

export function weighted(Name: string, SetIdentifier: string, Weight = 10): ResourceRecordSet {
  return { ...a(Name), SetIdentifier, Weight };
}
