import { expect } from 'chai';
import { iam } from '../../../sandbox/iam/system.ts';
import { route53 as route53System } from '../../../sandbox/route53/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import type { Route53 } from '../../../steps/clients/aws.ts';
import type { Driver } from '../../../steps/kit/driver.ts';
import type { Json } from '../../../steps/kit/json.ts';
import type { Change } from '../../../steps/kit/resource.ts';
import { listZone } from '../../../steps/resources/route53-reading.ts';
import { route53Record } from '../../../steps/resources/route53-record.ts';
import { failure } from '../../failure.ts';
import { type Remote, startRemote } from '../remote.ts';

const OLD = { zone: 'Z2IFOLAFXWLO4F', name: 'old-a.elb.eu-west-1.amazonaws.com', evaluateTargetHealth: false };
const NEW = { zone: 'Z3F0SRJ5LGBH90', name: 'new-a.elb.eu-central-1.amazonaws.com', evaluateTargetHealth: false };

describe('the driver of Route 53 records', () => {
  let remote: Remote;
  let route53: Route53;
  let zone = '';
  const driver = route53Record as Driver<Remote['clients']>;

  beforeEach(async () => {
    remote = await startRemote([sts, iam, route53System]);
    route53 = await remote.clients.route53();
    const created = await route53.createHostedZone({ Name: 'dr.example.com', CallerReference: 'test' });
    zone = created.HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
    await route53.changeTagsForResource({
      ResourceType: 'hostedzone',
      ResourceId: zone,
      AddTags: [{ Key: 'eks-dr:scope', Value: 'drill' }],
    });
  });

  afterEach(() => remote.stop());

  const at = (name: string, set = '', type = 'A') => ({ zone, name, type, set });
  const aliasTo = (alias: typeof OLD, routing = {}) => ({ alias, ttl: null, values: [], routing });

  async function apply(changes: readonly Omit<Change, 'kind'>[]): Promise<void> {
    const full = changes.map((change) => ({ kind: driver.kind, ...change }));
    const looks = await driver.look(remote.clients, full);
    await driver.write(
      remote.clients,
      full.map(({ id, before, after }, index) => ({
        id,
        before,
        after,
        observed: looks[index]?.observed ?? { state: null, owner: { kind: 'nobody' } },
      })),
    );
  }

  async function now(id: Change['id']): Promise<Json> {
    const [look] = await driver.look(remote.clients, [{ kind: driver.kind, id, before: null, after: null }]);
    return look?.now ?? null;
  }

  it('waits for every name server though Route 53 does not tell for a while', async () => {
    const page = { body: '<html>Sign in</html>', contentType: 'text/html' };
    remote.running.faults.add({ system: 'route53', operation: 'route53:GetChange', times: 3, effect: page });
    await apply([{ id: at('slow.dr.example.com'), before: null, after: aliasTo(NEW) as Json }]);
    const { changes } = remote.running.sandbox.world.route53;
    const latest = Math.max(...Object.values(changes).map(({ insyncAt }) => insyncAt));
    expect(latest).to.be.at.most(remote.running.sandbox.clock.now());
  });

  it('creates, reads back the canonical form, updates and deletes', async () => {
    const id = at('shop.dr.example.com');
    const first = route53Record.resource(id, aliasTo({ ...OLD, name: 'Old-A.elb.eu-west-1.amazonaws.com.' }));
    await apply([{ id, before: null, after: first.desired }]);
    expect(await now(id)).to.deep.equal(aliasTo(OLD));
    const [planned] = await driver.plan(remote.clients, [first]);
    expect(planned?.before).to.deep.equal(planned?.after);
    await apply([{ id, before: aliasTo(OLD), after: aliasTo(NEW) }]);
    expect(await now(id)).to.deep.equal(aliasTo(NEW));
    await apply([{ id, before: aliasTo(NEW), after: null }]);
    expect(await now(id)).to.equal(null);
  });

  it('carries weights, set identifiers and TTLs through', async () => {
    const blue = at('api.dr.example.com', 'blue', 'CNAME');
    const green = at('api.dr.example.com', 'green', 'CNAME');
    const cname = (value: string, Weight: number) => ({ alias: null, ttl: 60, values: [value], routing: { Weight } });
    await apply([
      { id: blue, before: null, after: cname('old-a.example.net', 90) },
      { id: green, before: null, after: cname('old-b.example.net', 10) },
    ]);
    await apply([{ id: green, before: cname('old-b.example.net', 10), after: cname('new-b.example.net', 10) }]);
    expect(await now(green)).to.deep.equal(cname('new-b.example.net', 10));
    expect(await now(blue)).to.deep.equal(cname('old-a.example.net', 90));
  });

  it('reads and writes wildcards under their plain name', async () => {
    const id = at('*.dr.example.com');
    await apply([{ id, before: null, after: aliasTo(OLD) }]);
    expect(await now(id)).to.deep.equal(aliasTo(OLD));
    expect((await listZone(route53, zone)).map(({ name }) => name)).to.include('*.dr.example.com');
  });

  it('reads a zone of several pages whole', async () => {
    const many = Array.from({ length: 350 }, (_, index) => at(`n${index}.dr.example.com`));
    await apply(many.map((id) => ({ id, before: null, after: aliasTo(OLD) })));
    const looks = await driver.look(
      remote.clients,
      many.map((id) => ({ kind: driver.kind, id, before: null, after: aliasTo(OLD) })),
    );
    expect(looks.every((look) => look.at === 'after')).to.equal(true);
  });

  it('sees the edit of somebody else', async () => {
    const id = at('shop.dr.example.com');
    await apply([{ id, before: null, after: aliasTo({ ...OLD, name: 'other.elb.eu-west-1.amazonaws.com' }) }]);
    const [look] = await driver.look(remote.clients, [{ kind: driver.kind, id, before: aliasTo(OLD), after: aliasTo(NEW) }]);
    expect(look?.at).to.equal('elsewhere');
  });

  it('does not overwrite what changed after the last look, and leaves the whole batch undone', async () => {
    const ids = [at('a.dr.example.com'), at('b.dr.example.com')];
    await apply(ids.map((id) => ({ id, before: null, after: aliasTo(OLD) })));
    const changes = ids.map((id) => ({ kind: driver.kind, id, before: aliasTo(OLD), after: aliasTo(NEW) }));
    const looks = await driver.look(remote.clients, changes);
    const other = aliasTo({ ...OLD, name: 'other.elb.eu-west-1.amazonaws.com' });
    await apply([{ id: at('b.dr.example.com'), before: aliasTo(OLD), after: other }]);
    const late = driver.write(
      remote.clients,
      changes.map(({ id, before, after }, index) => ({
        id,
        before,
        after,
        observed: looks[index]?.observed ?? { state: null, owner: { kind: 'nobody' } },
      })),
    );
    expect((await failure('conflict', late)).message).to.contain('InvalidChangeBatch');
    expect(await now(at('a.dr.example.com'))).to.deep.equal(aliasTo(OLD));
    expect(await now(at('b.dr.example.com'))).to.deep.equal(other);
  });

  it('goes on through throttling and a zone that is still busy', async () => {
    remote.running.faults.add({ system: 'route53', operation: '*ListTagsForResource', times: 2, effect: 'throttle' });
    const busy = { status: 400, code: 'PriorRequestNotComplete', message: 'a change of this zone is under way' };
    remote.running.faults.add({ system: 'route53', operation: '*ChangeResourceRecordSets', effect: busy });
    const id = at('shop.dr.example.com');
    await apply([{ id, before: null, after: aliasTo(OLD) }]);
    expect(await now(id)).to.deep.equal(aliasTo(OLD));
  });

  it('finds the record written when the answer to the write was lost', async () => {
    const id = at('shop.dr.example.com');
    await apply([{ id, before: null, after: aliasTo(OLD) }]);
    remote.running.faults.add({ system: 'route53', operation: '*ChangeResourceRecordSets', effect: 'cut-after' });
    await apply([{ id, before: aliasTo(OLD), after: aliasTo(NEW) }]).catch((error: unknown) => error);
    expect(await now(id)).to.deep.equal(aliasTo(NEW));
  });

  it('knows whose records are by the tags of their zone', async () => {
    const ownerOf = async (id: Change['id']) => (await driver.plan(remote.clients, [{ kind: driver.kind, id, desired: null }]))[0]?.owner;
    expect(await ownerOf(at('shop.dr.example.com'))).to.deep.equal({ kind: 'drill-scope', scope: 'drill' });
    const created = await route53.createHostedZone({ Name: 'example.com', CallerReference: 'production' });
    const production = created.HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
    expect(await ownerOf({ ...at('shop.example.com'), zone: production })).to.deep.include({ kind: 'other' });
    expect(await ownerOf({ ...at('shop.example.com'), zone: 'ZDOESNOTEXIST' }).catch((error: Error) => error.message)).to.contain(
      'ZDOESNOTEXIST',
    );
  });
});
