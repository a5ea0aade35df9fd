import { GetChangeCommand } from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { refusalOf } from '../refusal.ts';
import type { Aws } from '../subjects/aws.ts';
import { CHANGE } from './documentation.ts';
import { a, newZone, record, under, weighted } from './zone.ts';

export const writes: readonly Assertion<Aws>[] = [
  {
    title: 'applies nothing of a batch of which one change is refused',
    concern: 'writes',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws, a('old'));
      const batch = [under(zone, a('new')), under(zone, a('old'))];
      expect((await refusalOf(zone.all('CREATE', ...batch))).name).to.equal('InvalidChangeBatch');
      expect((await zone.records()).map(({ Name }) => Name)).to.deep.equal([`old.${zone.name}.`]);
    },
  },
  {
    title: 'takes the changes of a batch in their order: DELETE of a record and CREATE of its successor',
    concern: 'writes',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws, a('www'));
      await zone.change(
        { Action: 'DELETE', ResourceRecordSet: under(zone, a('www')) },
        { Action: 'CREATE', ResourceRecordSet: under(zone, record('www', 'CNAME', 'target.example.com')) },
      );
      const [found, ...others] = await zone.records();
      expect(found).to.include({ Name: `www.${zone.name}.`, Type: 'CNAME' });
      expect(others).to.deep.equal([]);
    },
  },
  {
    title: 'creates with UPSERT what is absent, and replaces what is there',
    concern: 'writes',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws);
      for (const address of ['192.0.2.1', '192.0.2.2']) {
        await zone.all('UPSERT', under(zone, a('www', address)));
        const found = await zone.records();
        expect(found.map(({ ResourceRecords }) => ResourceRecords)).to.deep.equal([[{ Value: address }]]);
      }
    },
  },
  {
    title: 'keeps weighted records of one name and type apart by their set identifiers',
    concern: 'writes',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws, weighted('w', 'blue', 10), weighted('w', 'green', 0));
      await zone.all('UPSERT', under(zone, weighted('w', 'blue', 20)));
      const found = await zone.records();
      expect(found.map(({ SetIdentifier, Weight }) => [SetIdentifier, Weight])).to.deep.equal([
        ['blue', 20],
        ['green', 0],
      ]);
    },
  },
  {
    title: 'deletes a record whose values are given in another order',
    concern: 'writes',
    async holds(aws) {
      const zone = await newZone(aws, a('www', '192.0.2.1', '192.0.2.2'));
      await zone.all('DELETE', under(zone, a('www', '192.0.2.2', '192.0.2.1')));
      expect(await zone.records()).to.deep.equal([]);
    },
  },
  {
    title: 'answers a batch with a change that is PENDING first and INSYNC later',
    concern: 'consistency',
    source: CHANGE,
    async holds(aws) {
      const zone = await newZone(aws);
      const change = await zone.all('CREATE', under(zone, a('www')));
      expect(change?.Status).to.equal('PENDING');
      expect(change?.Id).to.match(/^\/change\/C/);
      const ask = async () => (await zone.client.send(new GetChangeCommand({ Id: change?.Id }))).ChangeInfo;
      const later = await eventually(ask, (info) => info?.Status === 'INSYNC');
      expect(later).to.deep.include({ Id: change?.Id, SubmittedAt: change?.SubmittedAt });
    },
  },
  {
    title: 'lists a record as soon as its batch is answered, however long it stays PENDING',
    concern: 'consistency',
    async holds(aws) {
      const zone = await newZone(aws);
      await zone.all('CREATE', under(zone, a('www')));
      expect((await zone.records()).map(({ Name }) => Name)).to.deep.equal([`www.${zone.name}.`]);
    },
  },
];
