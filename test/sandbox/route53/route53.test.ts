import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  ListTagsForResourceCommand,
  ListTagsForResourcesCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import { createZone } from '../../../sandbox/route53/zones.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { awsWorld, clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

const a = (Name: string, value = '192.0.2.1'): ResourceRecordSet => ({ Name, Type: 'A', TTL: 60, ResourceRecords: [{ Value: value }] });
const cname = (Name: string, value: string): ResourceRecordSet => ({ Name, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: value }] });
const weighted = (Name: string, SetIdentifier: string, Weight: number): ResourceRecordSet => ({ ...a(Name), SetIdentifier, Weight });

describe('sandbox: Route 53', () => {
  let running: RunningSandbox;
  let client: Route53Client;
  let zoneId: string;
  let scale = 1000;

  beforeEach(async () => {
    const world = awsWorld();
    zoneId = createZone(world, { name: 'example.com', tags: { team: 'platform' } }).id;
    createZone(world, { name: 'drill.example.com' });
    running = await startAwsSandbox({ world, scale });
    client = new Route53Client(clientConfig(running));
  });
  afterEach(() => running.stop());

  const change = (...Changes: Change[]) =>
    client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
  const create = (...records: ResourceRecordSet[]) =>
    change(...records.map((ResourceRecordSet): Change => ({ Action: 'CREATE', ResourceRecordSet })));
  const names = async (): Promise<string[]> => {
    const { ResourceRecordSets } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    return (ResourceRecordSets ?? []).map(({ Name, Type, SetIdentifier }) => [Name, Type, SetIdentifier].filter(Boolean).join(' '));
  };

  it('lists zones, by id and by name, with their tags', async () => {
    const { HostedZones: zones } = await client.send(new ListHostedZonesCommand({}));
    expect(zones?.map(({ Name }) => Name).sort()).to.deep.equal(['drill.example.com.', 'example.com.']);
    const byName = await client.send(new ListHostedZonesByNameCommand({ DNSName: 'drill.example.com', MaxItems: 1 }));
    expect(byName.HostedZones?.[0]?.Name).to.equal('drill.example.com.');
    const zone = await client.send(new GetHostedZoneCommand({ Id: zoneId }));
    expect(zone.HostedZone?.ResourceRecordSetCount).to.equal(2);
    expect(zone.DelegationSet?.NameServers).to.have.length(4);
    await client.send(
      new ChangeTagsForResourceCommand({
        ResourceType: 'hostedzone',
        ResourceId: zoneId,
        AddTags: [{ Key: 'drill', Value: 'no' }],
        RemoveTagKeys: ['team'],
      }),
    );
    const { ResourceTagSet: tags } = await client.send(new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: zoneId }));
    expect(tags?.Tags).to.deep.equal([{ Key: 'drill', Value: 'no' }]);
    const several = await client.send(new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds: [zoneId] }));
    expect(several.ResourceTagSets?.[0]?.ResourceId).to.equal(zoneId);
    expect((await errorOf(client.send(new GetHostedZoneCommand({ Id: 'ZNONE' })))).name).to.equal('NoSuchHostedZone');
  });

  it('orders records by reversed labels and escapes an asterisk', async () => {
    await create(
      a('b.example.com'),
      a('*.example.com'),
      a('a.b.example.com'),
      a('WWW.example.com'),
      weighted('w.example.com', 'z', 1),
      weighted('w.example.com', 'y', 2),
    );
    expect(await names()).to.deep.equal([
      'example.com. NS',
      'example.com. SOA',
      '\\052.example.com. A',
      'b.example.com. A',
      'a.b.example.com. A',
      'w.example.com. A y',
      'w.example.com. A z',
      'www.example.com. A',
    ]);
  });

  it('pages with the three Next values and from a name on', async () => {
    await create(
      a('a.example.com'),
      weighted('w.example.com', 'x', 1),
      weighted('w.example.com', 'y', 1),
      weighted('w.example.com', 'z', 1),
    );
    const seen: string[] = [];
    let start: Pick<ListResourceRecordSetsCommandOutput, 'NextRecordName' | 'NextRecordType' | 'NextRecordIdentifier'> = {};
    for (let more = true; more; ) {
      const { NextRecordName: StartRecordName, NextRecordType: StartRecordType, NextRecordIdentifier: StartRecordIdentifier } = start;
      const page = await client.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: 2, StartRecordName, StartRecordType, StartRecordIdentifier }),
      );
      seen.push(...(page.ResourceRecordSets ?? []).map(({ Name, SetIdentifier }) => `${Name}${SetIdentifier ?? ''}`));
      start = page;
      more = page.IsTruncated ?? false;
    }
    expect(seen).to.deep.equal(['example.com.', 'example.com.', 'a.example.com.', 'w.example.com.x', 'w.example.com.y', 'w.example.com.z']);
    const from = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: 'b.example.com' }));
    expect(from.ResourceRecordSets?.[0]?.Name).to.equal('w.example.com.');
  });

  it('applies a batch as a whole or not at all, and names every problem', async () => {
    await create(a('a.example.com'));
    const error = await errorOf(create(a('new.example.com'), a('a.example.com'), a('other.example.org')));
    expect(error.name).to.equal('InvalidChangeBatch');
    expect(error.message).to.contain("Tried to create resource record set [name='a.example.com.', type='A'] but it already exists");
    expect(error.message).to.contain('RRSet with DNS name other.example.org. is not permitted in zone example.com.');
    expect(await names()).to.not.include('new.example.com. A');
  });

  it('deletes only a record that is exactly as given, and swaps it for another in one batch', async () => {
    await create(a('a.example.com', '192.0.2.1'));
    const wrong = await errorOf(change({ Action: 'DELETE', ResourceRecordSet: a('a.example.com', '192.0.2.9') }));
    expect(wrong.message).to.contain('but the values provided do not match the current values');
    const missing = await errorOf(change({ Action: 'DELETE', ResourceRecordSet: a('none.example.com') }));
    expect(missing.message).to.contain('but it was not found');
    await change(
      { Action: 'DELETE', ResourceRecordSet: a('a.example.com', '192.0.2.1') },
      { Action: 'CREATE', ResourceRecordSet: cname('a.example.com', 'b.example.com') },
    );
    expect(await names()).to.include('a.example.com. CNAME');
    expect(
      (
        await errorOf(
          change({ Action: 'CREATE', ResourceRecordSet: a('x.example.com') }, { Action: 'CREATE', ResourceRecordSet: a('x.example.com') }),
        )
      ).name,
    ).to.equal('InvalidChangeBatch');
  });

  it('keeps CNAMEs alone, off the apex, and routing policies apart', async () => {
    await create(a('a.example.com'), cname('c.example.com', 'a.example.com'), a('s.example.com'));
    for (const record of [
      cname('a.example.com', 'b.example.com'),
      a('c.example.com'),
      cname('example.com', 'a.example.com'),
      weighted('s.example.com', 'one', 10),
    ]) {
      expect((await errorOf(create(record))).name).to.equal('InvalidChangeBatch');
    }
    expect((await errorOf(create({ ...a('m.example.com'), Weight: 1 }))).name).to.equal('InvalidInput');
    expect((await errorOf(create({ ...a('m.example.com'), SetIdentifier: 'x' }))).name).to.equal('InvalidInput');
  });

  it('checks values, and refuses an alias with a TTL or to a load balancer or API in the wrong zone', async () => {
    const alias = (HostedZoneId: string): ResourceRecordSet => ({
      Name: 'gw.example.com',
      Type: 'A',
      AliasTarget: { HostedZoneId, DNSName: 'gw-0123456789abcdef.elb.eu-central-1.amazonaws.com', EvaluateTargetHealth: true },
    });
    expect((await errorOf(create({ ...alias('Z3F0SRJ5LGBH90'), TTL: 60 }))).name).to.equal('InvalidInput');
    expect((await errorOf(create(alias('Z2IFOLAFXWLO4F')))).message).to.contain('does not lie within the target zone');
    expect((await errorOf(create(a('bad.example.com', '300.0.0.1')))).message).to.contain('ARRDATAIllegalIPv4Address');
    expect((await errorOf(create({ ...a('t.example.com', 'unquoted'), Type: 'TXT' }))).message).to.contain('quotation marks');
    const api = (HostedZoneId: string): ResourceRecordSet => ({
      Name: 'api.example.com',
      Type: 'A',
      AliasTarget: { HostedZoneId, DNSName: 'd-abcdef0123.execute-api.eu-central-1.amazonaws.com', EvaluateTargetHealth: true },
    });
    expect((await errorOf(create(api('ZLY8HYME6SFDD')))).message).to.contain('does not lie within the target zone');
    await create(api('Z1U9ULNL0V5AJ3'));
    await create(alias('Z3F0SRJ5LGBH90'));
    const { ResourceRecordSets } = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: 'gw.example.com', MaxItems: 1 }),
    );
    expect(ResourceRecordSets?.[0]).to.deep.equal({
      Name: 'gw.example.com.',
      Type: 'A',
      AliasTarget: {
        HostedZoneId: 'Z3F0SRJ5LGBH90',
        DNSName: 'gw-0123456789abcdef.elb.eu-central-1.amazonaws.com.',
        EvaluateTargetHealth: true,
      },
    });
  });

  it('refuses a batch over 1,000 records, in which UPSERT counts twice, and one over 32,000 characters', async () => {
    const record = (index: number): ResourceRecordSet => a(`r${index}.example.com`);
    const upserts = Array.from({ length: 501 }, (_, index): Change => ({ Action: 'UPSERT', ResourceRecordSet: record(index) }));
    expect((await errorOf(change(...upserts))).message).to.contain('1000');
    await change(...upserts.slice(0, 500));
    const long = (index: number): ResourceRecordSet => ({
      ...a(`t${index}.example.com`),
      Type: 'TXT',
      ResourceRecords: Array.from({ length: 20 }, (_, line) => ({ Value: `"${String(line).padEnd(250, 'x')}"` })),
    });
    expect((await errorOf(create(...[1, 2, 3, 4, 5, 6, 7].map(long)))).message).to.contain('32000');
  });

  it('never loses the NS and SOA records of the zone', async () => {
    const { ResourceRecordSets: records } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    for (const record of records ?? []) {
      expect((await errorOf(change({ Action: 'DELETE', ResourceRecordSet: record }))).name).to.equal('InvalidChangeBatch');
    }
  });

  it('throttles a request over the quota of the account with status 400', async () => {
    running.sandbox.world.route53.bucket = { tokens: 1, at: running.sandbox.clock.now() + 3_600_000 };
    await client.send(new ListHostedZonesCommand({}));
    const error = await errorOf(client.send(new ListHostedZonesCommand({})));
    expect(error.name).to.equal('Throttling');
    expect(error.$metadata?.httpStatusCode).to.equal(400);
  });

  describe('while a change is under way', () => {
    before(() => {
      scale = 5;
    });
    after(() => {
      scale = 1000;
    });

    it('refuses a second batch for the zone', async () => {
      const results = await Promise.allSettled([create(a('one.example.com')), create(a('two.example.com'))]);
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
      expect(refused.map(({ name }) => name)).to.deep.equal(['PriorRequestNotComplete']);
    });

    it('is PENDING first and INSYNC later', async () => {
      const { ChangeInfo: info } = await create(a('one.example.com'));
      expect(info?.Status).to.equal('PENDING');
      expect(info?.Id).to.match(/^\/change\/C/);
      const id = (info?.Id ?? '').replace('/change/', '');
      const stored = running.sandbox.world.route53.changes[id];
      if (!stored) throw new Error('The change was not recorded.');
      stored.insyncAt = running.sandbox.clock.now();
      const { ChangeInfo: later } = await client.send(new GetChangeCommand({ Id: info?.Id }));
      expect(later?.Status).to.equal('INSYNC');
    });
  });
});
