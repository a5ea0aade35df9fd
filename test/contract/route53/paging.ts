import { ListHostedZonesCommand, type ListResourceRecordSetsCommandOutput } from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import type { Aws } from '../subjects/aws.ts';
import { takenBy } from '../taken-by.ts';
import { LIST, ZONES } from './documentation.ts';
import { a, newZone, weighted, type Zone } from './zone.ts';

/** More pages than any assertion here needs: a list that never ends is a failure, not a hang. */
const MOST_PAGES = 20;

async function pages(zone: Zone, MaxItems: number): Promise<ListResourceRecordSetsCommandOutput[]> {
  const found = [await zone.list({ MaxItems })];
  for (let last = found[0]; last?.IsTruncated; last = found.at(-1)) {
    if (found.length > MOST_PAGES) throw new Error(`No end of the list after ${MOST_PAGES} pages.`);
    const { NextRecordName: StartRecordName, NextRecordType: StartRecordType, NextRecordIdentifier: StartRecordIdentifier } = last;
    found.push(await zone.list({ MaxItems, StartRecordName, StartRecordType, StartRecordIdentifier }));
  }
  return found;
}

const labels = (answers: readonly ListResourceRecordSetsCommandOutput[]): string[] =>
  answers.flatMap(({ ResourceRecordSets = [] }) =>
    ResourceRecordSets.map(({ Name, Type, SetIdentifier = '' }) => `${Name} ${Type} ${SetIdentifier}`),
  );

export const paging: readonly Assertion<Aws>[] = [
  {
    title: 'gives every record once over pages that begin at the next name and type',
    concern: 'paging',
    source: LIST,
    async holds(aws) {
      const zone = await newZone(aws, a('a'), a('b'), a('c'), a('d'), a('e'));
      const answers = await pages(zone, 3);
      expect(answers.map(({ ResourceRecordSets }) => ResourceRecordSets?.length)).to.deep.equal([3, 3, 1]);
      expect(labels(answers)).to.deep.equal(labels([await zone.list()]));
    },
  },
  {
    title: 'goes on inside a set of weighted records at the next identifier',
    concern: 'paging',
    source: LIST,
    async holds(aws) {
      const zone = await newZone(aws, weighted('w', 'one'), weighted('w', 'two'), weighted('w', 'three'), a('x'));
      const answers = await pages(zone, 3);
      expect(answers[0]).to.include({ NextRecordName: `w.${zone.name}.`, NextRecordType: 'A', NextRecordIdentifier: 'three' });
      expect(labels(answers)).to.deep.equal(labels([await zone.list()]));
    },
  },
  {
    title: 'names no next record on the last page',
    concern: 'paging',
    source: LIST,
    async holds(aws) {
      const zone = await newZone(aws, a('a'));
      const answer = await zone.list({ MaxItems: 3 });
      expect(answer.IsTruncated).to.equal(false);
      expect(answer).to.not.have.any.keys('NextRecordName', 'NextRecordType', 'NextRecordIdentifier');
    },
  },
  {
    title: 'gives 300 records at a time, whatever more is asked for',
    concern: 'paging',
    source: LIST,
    async holds(aws) {
      const zone = await newZone(aws, ...Array.from({ length: 300 }, (_, index) => a(`r${String(index).padStart(3, '0')}`)));
      const answer = await zone.list({ MaxItems: 1000 });
      expect(answer.ResourceRecordSets).to.have.length(300);
      expect(answer).to.include({ IsTruncated: true, NextRecordName: `r298.${zone.name}.`, NextRecordType: 'A' });
    },
  },
  {
    title: 'refuses to begin a list at a type without a name with InvalidInput',
    concern: 'paging',
    source: LIST,
    deviations: takenBy('ministack', LIST),
    async holds(aws) {
      const zone = await newZone(aws);
      expect(await refusalOf(zone.list({ StartRecordType: 'A' }))).to.include({ name: 'InvalidInput', status: 400 });
    },
  },
  {
    title: 'refuses to begin a list at a set identifier without a type with InvalidInput',
    concern: 'paging',
    source: LIST,
    deviations: takenBy('ministack', LIST),
    async holds(aws) {
      const zone = await newZone(aws);
      const refusal = await refusalOf(zone.list({ StartRecordName: zone.name, StartRecordIdentifier: 'one' }));
      expect(refusal).to.include({ name: 'InvalidInput', status: 400 });
    },
  },
  {
    title: 'pages the zones of the account by marker: each once, in the order of the whole list',
    concern: 'paging',
    source: ZONES,
    async holds(aws) {
      const { client } = await newZone(aws);
      await newZone(aws);
      await newZone(aws);
      const seen: (string | undefined)[] = [];
      let Marker: string | undefined;
      do {
        const answer = await client.send(new ListHostedZonesCommand({ Marker, MaxItems: 1 }));
        seen.push(answer.HostedZones?.[0]?.Id);
        Marker = answer.IsTruncated ? answer.NextMarker : undefined;
      } while (Marker !== undefined && seen.length < 100);
      const { HostedZones = [] } = await client.send(new ListHostedZonesCommand({}));
      expect(seen).to.deep.equal(HostedZones.map(({ Id }) => Id));
    },
  },
];
