import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import type { Aws } from '../subjects/aws.ts';
import { takenBy } from '../taken-by.ts';
import { ALIAS, CHANGE, QUOTAS, RECORD_SET, TYPES } from './documentation.ts';
import { a, newZone, record, under, type Zone } from './zone.ts';

async function expectRefused(zone: Zone, name: string, ...records: readonly ResourceRecordSet[]): Promise<void> {
  const refusal = await refusalOf(zone.all('CREATE', ...records.map((each) => under(zone, each))));
  expect(refusal).to.include({ name, status: 400 });
  expect(await zone.records()).to.deep.equal([]);
}

const CLOUDFRONT = { HostedZoneId: 'Z2FDTNDATAQYW2', DNSName: 'd111111abcdef8.cloudfront.net', EvaluateTargetHealth: false };

function refuses(
  title: string,
  source: string,
  name: 'InvalidInput' | 'InvalidChangeBatch',
  ...records: readonly ResourceRecordSet[]
): Assertion<Aws> {
  return {
    title,
    concern: 'validation',
    source,
    deviations: takenBy('ministack', source),
    holds: async (aws) => expectRefused(await newZone(aws), name, ...records),
  };
}

export const validation: readonly Assertion<Aws>[] = [
  refuses('refuses an address that is none with InvalidChangeBatch', TYPES, 'InvalidChangeBatch', a('www', '300.0.0.1')),
  refuses('refuses a text without quotation marks with InvalidChangeBatch', TYPES, 'InvalidChangeBatch', record('t', 'TXT', 'plain')),
  refuses(
    'refuses a string of more than 255 characters with InvalidChangeBatch',
    TYPES,
    'InvalidChangeBatch',
    record('t', 'TXT', `"${'x'.repeat(256)}"`),
  ),
  refuses('refuses a CNAME with two targets', TYPES, 'InvalidChangeBatch', record('c', 'CNAME', 'a.example.com', 'b.example.com')),
  refuses('refuses one value twice in a record', CHANGE, 'InvalidChangeBatch', a('www', '192.0.2.1', '192.0.2.1')),
  refuses('refuses a record without a TTL with InvalidInput', RECORD_SET, 'InvalidInput', { ...a('www'), TTL: undefined }),
  refuses('refuses an alias with a TTL with InvalidInput', RECORD_SET, 'InvalidInput', {
    Name: 'cdn',
    Type: 'A',
    TTL: 60,
    AliasTarget: CLOUDFRONT,
  }),
  refuses('refuses a weight without a set identifier with InvalidInput', RECORD_SET, 'InvalidInput', { ...a('w'), Weight: 1 }),
  refuses('refuses a set identifier without a routing policy with InvalidInput', RECORD_SET, 'InvalidInput', {
    ...a('w'),
    SetIdentifier: 'blue',
  }),
  refuses('refuses a weight over 255 with InvalidInput', RECORD_SET, 'InvalidInput', { ...a('w'), SetIdentifier: 'blue', Weight: 256 }),
  refuses('refuses two routing policies in one record with InvalidInput', RECORD_SET, 'InvalidInput', {
    ...a('w'),
    SetIdentifier: 'blue',
    Weight: 1,
    Failover: 'PRIMARY',
  }),
  refuses('refuses a record type that does not exist with InvalidInput', TYPES, 'InvalidInput', {
    ...a('www'),
    Type: 'AA' as ResourceRecordSet['Type'],
  }),
  refuses('refuses a label of more than 63 characters', TYPES, 'InvalidChangeBatch', a('x'.repeat(64))),
  refuses('refuses an alias whose target does not lie in the zone that it names', ALIAS, 'InvalidChangeBatch', {
    Name: 'gw',
    Type: 'A',
    // The zone of Network Load Balancers in eu-central-1.
    AliasTarget: { HostedZoneId: 'Z3F0SRJ5LGBH90', DNSName: 'gw-0123.elb.eu-west-1.amazonaws.com', EvaluateTargetHealth: true },
  }),
  {
    title: 'refuses an alias to a record of its own zone that is not there',
    concern: 'validation',
    source: ALIAS,
    deviations: takenBy('ministack', ALIAS),
    async holds(aws) {
      const zone = await newZone(aws);
      const AliasTarget = { HostedZoneId: zone.id, DNSName: `none.${zone.name}`, EvaluateTargetHealth: false };
      await expectRefused(zone, 'InvalidChangeBatch', { Name: 'alias', Type: 'A', AliasTarget });
    },
  },
  {
    title: 'refuses an alias of another type than the record of its own zone has',
    concern: 'validation',
    source: ALIAS,
    deviations: takenBy('ministack', ALIAS),
    async holds(aws) {
      const zone = await newZone(aws, a('www'));
      const AliasTarget = { HostedZoneId: zone.id, DNSName: `www.${zone.name}`, EvaluateTargetHealth: false };
      const refusal = await refusalOf(zone.all('CREATE', under(zone, { Name: 'alias', Type: 'AAAA', AliasTarget })));
      expect(refusal).to.include({ name: 'InvalidChangeBatch', status: 400 });
    },
  },
  {
    title: 'takes 1,000 records in a batch and refuses one more',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy('ministack', QUOTAS),
    async holds(aws) {
      const zone = await newZone(aws);
      const records = (count: number) => Array.from({ length: count }, (_, index) => under(zone, a(`r${index}`)));
      expect(await refusalOf(zone.all('CREATE', ...records(1001)))).to.include({ name: 'InvalidChangeBatch', status: 400 });
      await zone.all('CREATE', ...records(1000));
    },
  },
  {
    title: 'counts a record twice that is upserted: 500 in a batch and not one more',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy('ministack', QUOTAS),
    async holds(aws) {
      const zone = await newZone(aws);
      const upserts = (count: number): Change[] =>
        Array.from({ length: count }, (_, index) => ({ Action: 'UPSERT', ResourceRecordSet: under(zone, a(`r${index}`)) }));
      expect(await refusalOf(zone.change(...upserts(501)))).to.include({ name: 'InvalidChangeBatch', status: 400 });
      await zone.change(...upserts(500));
    },
  },
  {
    title: 'refuses a batch with more than 32,000 characters of values',
    concern: 'validation',
    source: QUOTAS,
    deviations: takenBy('ministack', QUOTAS),
    async holds(aws) {
      const zone = await newZone(aws);
      const long = `"${'x'.repeat(248)}"`;
      const texts = Array.from({ length: 129 }, (_, index) => under(zone, record(`t${index}`, 'TXT', long)));
      expect(await refusalOf(zone.all('CREATE', ...texts))).to.include({ name: 'InvalidChangeBatch', status: 400 });
      await zone.all('CREATE', ...texts.slice(0, 128));
    },
  },
];
