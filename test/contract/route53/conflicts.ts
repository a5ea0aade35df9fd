import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import type { Aws } from '../subjects/aws.ts';
import { takenBy } from '../taken-by.ts';
import { APEX, BATCH_PROBLEMS, CHANGE, RECORD_SET, TYPES } from './documentation.ts';
import { a, newZone, record, under, weighted, type Zone } from './zone.ts';

async function expectRefused(zone: Zone, message: string, ...changes: readonly Change[]): Promise<void> {
  const before = await zone.list();
  const refusal = await refusalOf(zone.change(...changes));
  expect(refusal).to.include({ name: 'InvalidChangeBatch', status: 400 });
  expect(refusal.message).to.contain(message);
  expect((await zone.list()).ResourceRecordSets).to.deep.equal(before.ResourceRecordSets);
}

const create = (ResourceRecordSet: ResourceRecordSet): Change => ({ Action: 'CREATE', ResourceRecordSet });
const remove = (ResourceRecordSet: ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet });

export const conflicts: readonly Assertion<Aws>[] = [
  {
    title: 'refuses to create a record that exists',
    concern: 'conflicts',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws, a('www'));
      await expectRefused(zone, 'already exists', create(under(zone, a('www', '192.0.2.9'))));
    },
  },
  {
    title: 'names every problem of a batch in brackets, with name, type and set identifier of the record',
    concern: 'conflicts',
    source: BATCH_PROBLEMS,
    deviations: {
      ministack: {
        instead: 'It names the first problem only, in words of its own.',
        seen: /^AssertionError: expected 'Tried to create resource record set www\.zone-\w+\.example\.com\. type A but it already exists\.' to include/,
        source: BATCH_PROBLEMS,
      },
    },
    async holds(aws) {
      const zone = await newZone(aws, a('www'), weighted('w', 'blue'));
      const one = `Tried to create resource record set [name='www.${zone.name}.', type='A'] but it already exists`;
      const other = `Tried to create resource record set [name='w.${zone.name}.', type='A', set-identifier='blue'] but it already exists`;
      const changes = [create(under(zone, a('www', '192.0.2.9'))), create(under(zone, weighted('w', 'blue', 11)))];
      await expectRefused(zone, `[${one}, ${other}]`, ...changes);
    },
  },
  {
    title: 'refuses to delete a record with other values than it has',
    concern: 'conflicts',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws, a('www'));
      await expectRefused(
        zone,
        `Tried to delete resource record set [name='www.${zone.name}.', type='A'] but the values provided do not match the current values`,
        remove(under(zone, a('www', '192.0.2.9'))),
      );
    },
  },
  {
    title: 'refuses to delete a record with another TTL than it has',
    concern: 'conflicts',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws, a('www'));
      const other = { ...under(zone, a('www')), TTL: 61 };
      await expectRefused(zone, 'but the values provided do not match the current values', remove(other));
    },
  },
  {
    title: 'refuses to delete a weighted record with another weight than it has',
    concern: 'conflicts',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws, weighted('w', 'blue', 10));
      const other = under(zone, weighted('w', 'blue', 11));
      await expectRefused(zone, 'but the values provided do not match the current values', remove(other));
    },
  },
  {
    title: 'refuses to delete a record that is not there',
    concern: 'not found',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws);
      await expectRefused(
        zone,
        `Tried to delete resource record set [name='www.${zone.name}.', type='A'] but it was not found`,
        remove(under(zone, a('www'))),
      );
    },
  },
  {
    title: 'refuses a CNAME beside a record of another type',
    concern: 'conflicts',
    source: TYPES,
    deviations: takenBy('ministack', TYPES),
    async holds(aws) {
      const zone = await newZone(aws, a('www'));
      await expectRefused(zone, `RRSet of type CNAME with DNS name www.${zone.name}. is not permitted`, create(under(zone, cname('www'))));
    },
  },
  {
    title: 'refuses a record of another type beside a CNAME',
    concern: 'conflicts',
    source: TYPES,
    deviations: takenBy('ministack', TYPES),
    async holds(aws) {
      const zone = await newZone(aws, cname('www'));
      await expectRefused(zone, `RRSet of type A with DNS name www.${zone.name}. is not permitted`, create(under(zone, a('www'))));
    },
  },
  {
    title: 'refuses a CNAME at the name of the zone',
    concern: 'conflicts',
    source: TYPES,
    deviations: takenBy('ministack', TYPES),
    async holds(aws) {
      const zone = await newZone(aws);
      await expectRefused(zone, 'is not permitted at apex', create(cname(zone.name)));
    },
  },
  {
    title: 'refuses a weighted record beside a simple one of its name and type',
    concern: 'conflicts',
    source: RECORD_SET,
    deviations: takenBy('ministack', RECORD_SET),
    async holds(aws) {
      const zone = await newZone(aws, a('w'));
      const message = `RRSet with DNS name w.${zone.name}., type A, SetIdentifier blue cannot be created as a non-weighted set exists`;
      await expectRefused(zone, message, create(under(zone, weighted('w', 'blue'))));
    },
  },
  {
    title: 'refuses a simple record beside weighted ones of its name and type',
    concern: 'conflicts',
    source: RECORD_SET,
    deviations: takenBy('ministack', RECORD_SET),
    async holds(aws) {
      const zone = await newZone(aws, weighted('w', 'blue'));
      const message = `RRSet with DNS name w.${zone.name}., type A cannot be created as other RRSets exist with the same name and type`;
      await expectRefused(zone, message, create(under(zone, a('w'))));
    },
  },
  {
    title: 'refuses weighted records of one name and type with different TTLs',
    concern: 'conflicts',
    source: RECORD_SET,
    deviations: takenBy('ministack', RECORD_SET),
    async holds(aws) {
      const zone = await newZone(aws, weighted('w', 'blue'));
      const other = { ...under(zone, weighted('w', 'green')), TTL: 300 };
      await expectRefused(zone, 'weighted sets must contain the same TTL', create(other));
    },
  },
  {
    title: 'changes the TTL of weighted records when it is changed for all of them in one batch',
    concern: 'writes',
    source: RECORD_SET,
    async holds(aws) {
      const zone = await newZone(aws, weighted('w', 'blue'), weighted('w', 'green'));
      await zone.all('UPSERT', ...['blue', 'green'].map((set) => ({ ...under(zone, weighted('w', set)), TTL: 300 })));
      expect((await zone.records()).map(({ TTL }) => TTL)).to.deep.equal([300, 300]);
    },
  },
  {
    title: 'refuses a second latency record for one region',
    concern: 'conflicts',
    source: RECORD_SET,
    deviations: takenBy('ministack', RECORD_SET),
    async holds(aws) {
      const latency = (SetIdentifier: string) => ({ ...a('l'), SetIdentifier, Region: 'eu-west-1' as const });
      const zone = await newZone(aws, latency('blue'));
      await expectRefused(zone, 'already exists', create(under(zone, latency('green'))));
    },
  },
  {
    title: 'refuses a second primary record of a failover',
    concern: 'conflicts',
    source: RECORD_SET,
    deviations: takenBy('ministack', RECORD_SET),
    async holds(aws) {
      const failover = (SetIdentifier: string, Failover: 'PRIMARY' | 'SECONDARY') => ({ ...a('f'), SetIdentifier, Failover });
      const zone = await newZone(aws, failover('blue', 'PRIMARY'), failover('green', 'SECONDARY'));
      await expectRefused(zone, 'already exists', create(under(zone, failover('red', 'PRIMARY'))));
    },
  },
  {
    title: 'refuses one record set twice in a batch',
    concern: 'conflicts',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws);
      const www = under(zone, a('www'));
      await expectRefused(zone, '', create(www), create(www));
    },
  },
  {
    title: 'refuses a record outside of the zone',
    concern: 'validation',
    source: CHANGE,
    deviations: takenBy('ministack', CHANGE),
    async holds(aws) {
      const zone = await newZone(aws);
      const message = `RRSet with DNS name www.example.net. is not permitted in zone ${zone.name}.`;
      await expectRefused(zone, message, create(a('www.example.net')));
    },
  },
  {
    title: 'refuses to delete the NS and SOA records of the zone',
    concern: 'conflicts',
    source: APEX,
    deviations: takenBy('ministack', APEX),
    async holds(aws) {
      const zone = await newZone(aws);
      const { ResourceRecordSets: [ns, soa] = [] } = await zone.list();
      for (const own of [ns, soa]) await expectRefused(zone, 'must contain', remove(own as ResourceRecordSet));
    },
  },
];

function cname(name: string): ResourceRecordSet {
  return record(name, 'CNAME', 'target.example.com');
}
