import { GetHostedZoneCommand, ListHostedZonesByNameCommand } from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import type { Aws } from '../subjects/aws.ts';
import { ALIAS, APEX, LIST, NAME_FORMAT, ZONES_BY_NAME } from './documentation.ts';
import { a, newZone, record, under, weighted } from './zone.ts';

export const reads: readonly Assertion<Aws>[] = [
  {
    title: 'gives a new zone four name servers, the NS record that names them, and a SOA record',
    concern: 'reads',
    source: APEX,
    async holds(aws) {
      const zone = await newZone(aws);
      const { DelegationSet, HostedZone } = await zone.client.send(new GetHostedZoneCommand({ Id: zone.id }));
      const { ResourceRecordSets = [] } = await zone.list();
      expect(HostedZone).to.deep.include({ Id: `/hostedzone/${zone.id}`, Name: `${zone.name}.`, ResourceRecordSetCount: 2 });
      expect(ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`)).to.deep.equal([`${zone.name}. NS`, `${zone.name}. SOA`]);
      const named = ResourceRecordSets[0]?.ResourceRecords?.map(({ Value }) => Value?.replace(/\.$/, ''));
      expect(named)
        .to.have.members(DelegationSet?.NameServers?.map((server) => server.replace(/\.$/, '')) ?? [])
        .and.have.length(4);
    },
  },
  {
    title: 'lists a zone by name with its labels reversed, then by type',
    concern: 'reads',
    source: LIST,
    async holds(aws) {
      const zone = await newZone(aws, a('b'), record('b', 'TXT', '"x"'), a('z.a'), a('a'), record('b', 'AAAA', '2001:db8::1'));
      const listed = (await zone.records()).map(({ Name, Type }) => `${Name?.replace(`.${zone.name}.`, '')} ${Type}`);
      expect(listed).to.deep.equal(['a A', 'z.a A', 'b A', 'b AAAA', 'b TXT']);
    },
  },
  {
    title: 'counts the final dot of a name in the order: a-b comes before a',
    concern: 'reads',
    source: LIST,
    deviations: {
      ministack: {
        instead: 'It sorts by label, so that a comes first.',
        seen: /^AssertionError: expected \[ 'a\.zone-\w+\.example\.com\.', 'a-b\.zone-\w+\.example\.com\.' \] to deeply equal/,
        source: LIST,
      },
    },
    async holds(aws) {
      const zone = await newZone(aws, a('a'), a('a-b'));
      expect((await zone.records()).map(({ Name }) => Name)).to.deep.equal([`a-b.${zone.name}.`, `a.${zone.name}.`]);
    },
  },
  {
    title: 'answers names in lower case, with a final dot',
    concern: 'reads',
    source: NAME_FORMAT,
    deviations: {
      ministack: {
        instead: 'It answers names as they were sent.',
        seen: /^AssertionError: expected \[ 'WwW\.zone-\w+\.example\.com\.' \] to deeply equal/,
        source: NAME_FORMAT,
      },
    },
    async holds(aws) {
      const zone = await newZone(aws, a('WwW'));
      expect((await zone.records()).map(({ Name }) => Name)).to.deep.equal([`www.${zone.name}.`]);
    },
  },
  {
    title: 'takes a name with and without its final dot for the same',
    concern: 'reads',
    source: NAME_FORMAT,
    async holds(aws) {
      const zone = await newZone(aws, a('www'));
      const refusal = await refusalOf(zone.all('CREATE', a(`www.${zone.name}.`)));
      expect(refusal).to.include({ name: 'InvalidChangeBatch', status: 400 });
    },
  },
  {
    title: 'answers the asterisk of a wildcard as \\052, and takes both for the same',
    concern: 'reads',
    source: NAME_FORMAT,
    deviations: {
      ministack: {
        instead: 'It answers names as they were sent.',
        seen: /^AssertionError: expected \[ '\*\.zone-\w+\.example\.com\.' \] to deeply equal/,
        source: NAME_FORMAT,
      },
    },
    async holds(aws) {
      const zone = await newZone(aws, a('*'));
      expect((await zone.records()).map(({ Name }) => Name)).to.deep.equal([`\\052.${zone.name}.`]);
      await zone.all('DELETE', under(zone, a('\\052')));
      expect(await zone.records()).to.deep.equal([]);
    },
  },
  {
    title: 'begins a list at the first record not before the name and type asked for',
    concern: 'reads',
    source: LIST,
    async holds(aws) {
      const zone = await newZone(aws, a('a'), a('c'), record('c', 'TXT', '"x"'), a('d'));
      const absent = await zone.list({ StartRecordName: `b.${zone.name}`, MaxItems: 1 });
      expect(absent.ResourceRecordSets?.[0]?.Name).to.equal(`c.${zone.name}.`);
      const typed = await zone.list({ StartRecordName: `c.${zone.name}`, StartRecordType: 'CNAME', MaxItems: 1 });
      expect(typed.ResourceRecordSets?.[0]).to.include({ Name: `c.${zone.name}.`, Type: 'TXT' });
    },
  },
  {
    title: 'begins a list of weighted records at the set identifier asked for',
    concern: 'reads',
    source: LIST,
    async holds(aws) {
      const zone = await newZone(aws, weighted('w', 'one'), weighted('w', 'two'), weighted('w', 'three'));
      const from = { StartRecordName: `w.${zone.name}`, StartRecordType: 'A', StartRecordIdentifier: 'three' } as const;
      const { ResourceRecordSets = [] } = await zone.list(from);
      expect(ResourceRecordSets.map(({ SetIdentifier }) => SetIdentifier)).to.deep.equal(['three', 'two']);
    },
  },
  {
    title: 'answers an alias with its target and without a TTL',
    concern: 'reads',
    source: ALIAS,
    async holds(aws) {
      const zone = await newZone(aws);
      const AliasTarget = {
        HostedZoneId: 'Z2FDTNDATAQYW2',
        DNSName: 'd111111abcdef8.cloudfront.net.',
        EvaluateTargetHealth: false,
      };
      await zone.all('CREATE', under(zone, { Name: 'cdn', Type: 'A', AliasTarget }));
      expect(await zone.records()).to.deep.equal([{ Name: `cdn.${zone.name}.`, Type: 'A', AliasTarget }]);
    },
  },
  {
    title: 'keeps the text of TXT records as it is: quotes, several strings, escapes',
    concern: 'reads',
    async holds(aws) {
      const zone = await newZone(aws);
      const values = ['"v=spf1 -all"', '"one" "two"', '"a \\"quoted\\" word; and <xml> & more"'];
      await zone.all('CREATE', under(zone, record('t', 'TXT', ...values)));
      const [found] = await zone.records();
      expect(found?.ResourceRecords?.map(({ Value }) => Value)).to.have.members(values);
    },
  },
  {
    title: 'lists zones by name with labels reversed, from the name asked for',
    concern: 'reads',
    source: ZONES_BY_NAME,
    async holds(aws) {
      const zone = await newZone(aws);
      const { HostedZones = [] } = await zone.client.send(new ListHostedZonesByNameCommand({ DNSName: zone.name, MaxItems: 1 }));
      expect(HostedZones.map(({ Id }) => Id)).to.deep.equal([`/hostedzone/${zone.id}`]);
    },
  },
];
