import { expect } from 'chai';
import { changesOf, waitsOf } from '../../../steps/kit/plan.ts';
import { failure } from '../../failure.ts';
import { runWith } from '../context.ts';
import { bucket, type CloudFrontWorld, custom, needs, newArn, newHost, oldArn, oldHost, startCloudFront } from './cloudfront-world.ts';

const ONE = 'E1AAAAAAAAAAAA';
const TWO = 'E2BBBBBBBBBBBB';
const DRILL = 'E1DRILLSTOREFR';

describe('switching CloudFront', function () {
  this.timeout(20_000);
  let world: CloudFrontWorld;
  beforeEach(async () => {
    world = await startCloudFront();
  });
  afterEach(() => world.remote.stop());

  /** Somebody else's edit of a distribution. */
  async function edit(Id: string, change: (config: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
    const { DistributionConfig, ETag } = await world.api.getDistributionConfig({ Id });
    await world.api.updateDistribution({ Id, IfMatch: ETag, DistributionConfig: change({ ...DistributionConfig }) as never });
  }

  async function leadElsewhere(Id: string, origin: string, to: string): Promise<void> {
    const { DistributionConfig, ETag } = await world.api.getDistributionConfig({ Id });
    for (const item of DistributionConfig?.Origins?.Items ?? []) if (item.Id === origin) item.DomainName = to;
    await world.api.updateDistribution({ Id, IfMatch: ETag, DistributionConfig });
  }

  const updates = () => world.remote.running.requests.list().filter(({ operation }) => operation === 'cloudfront:UpdateDistribution');

  it('switches the origins that lead to old load balancers, by whole host names, and back', async () => {
    const origins = [custom('a', oldHost('a')), custom('b', `dualstack.${oldHost('b').toUpperCase()}`), bucket('s3')];
    const group = {
      Id: 'group',
      FailoverCriteria: { StatusCodes: { Quantity: 1, Items: [502] } },
      Members: { Quantity: 2, Items: [{ OriginId: 'a' }, { OriginId: 's3' }] },
    };
    const headers = { Quantity: 1, Items: [{ HeaderName: 'X-Edge', HeaderValue: 'a word that nobody shall see' }] };
    world.add(ONE, [{ ...origins[0], CustomHeaders: headers }, ...origins.slice(1)], { OriginGroups: { Quantity: 1, Items: [group] } });
    world.add(TWO, [custom('lookalike', `${oldHost('a')}.example.net`), custom('elsewhere', 'www.example.net')]);
    const before = (await world.api.getDistributionConfig({ Id: ONE })).DistributionConfig;

    const plan = await world.plan();
    expect(changesOf(plan).map(({ id }) => id)).to.deep.equal([
      { distribution: ONE, origin: 'a' },
      { distribution: ONE, origin: 'b' },
    ]);
    expect(JSON.stringify(plan)).not.to.contain('nobody shall see');
    expect(waitsOf(plan).map(({ args }) => args)).to.deep.equal([{ distributions: [ONE] }]);
    await world.apply(plan);

    expect(await world.origins(ONE)).to.deep.equal({
      a: newHost('a'),
      b: `dualstack.${newHost('b')}`,
      s3: 'assets.s3.eu-west-1.amazonaws.com',
    });
    expect((await world.api.getDistribution({ Id: ONE })).Distribution?.Status).to.equal('Deployed');
    expect(updates()).to.have.length(1);
    expect(changesOf(await world.plan())).to.deep.equal([]);
    expect((await world.outputs()).origins).to.deep.equal([
      { distribution: ONE, origin: 'a', from: oldHost('a'), to: newHost('a'), vpcOrigin: null },
      { distribution: ONE, origin: 'b', from: oldHost('b'), to: `dualstack.${newHost('b')}`, vpcOrigin: null },
    ]);

    await world.undo(plan);
    const after = (await world.api.getDistributionConfig({ Id: ONE })).DistributionConfig;
    const { Origins: was, ...rest } = before ?? {};
    expect({ ...after, Origins: undefined }).to.deep.equal({ ...rest, Origins: undefined });
    expect(after?.Origins?.Items?.map(({ DomainName, ...one }) => [DomainName?.toLowerCase(), one])).to.deep.equal(
      was?.Items?.map(({ DomainName, ...one }) => [DomainName?.toLowerCase(), one]),
    );
  });

  it('gives a VPC origin at an old load balancer a successor, and removes that once nothing uses it', async () => {
    const old = world.addVpcOrigin('cart', oldArn('a'));
    world.addVpcOrigin('cart-of-others', 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/x/0123456789abcdef');
    world.add(ONE, [{ Id: 'a', DomainName: oldHost('a'), VpcOriginConfig: { VpcOriginId: old, OriginReadTimeout: 20 } }]);
    const plan = await world.plan();
    const name = `eks-dr-${runWith().id}-cart`;
    expect(changesOf(plan).map(({ id, after }) => [id, after])).to.deep.equal([
      [
        { name },
        { target: newArn('a'), httpPort: 80, httpsPort: 8443, protocolPolicy: 'https-only', sslProtocols: ['TLSv1.2'], run: runWith().id },
      ],
      [
        { distribution: ONE, origin: 'a' },
        { domainName: newHost('a'), vpcOrigin: name },
      ],
    ]);
    await world.apply(plan);
    const { DistributionConfig } = await world.api.getDistributionConfig({ Id: ONE });
    const vpc = DistributionConfig?.Origins?.Items?.[0]?.VpcOriginConfig;
    expect(vpc).to.include({ OriginReadTimeout: 20 });
    expect(vpc?.VpcOriginId).not.to.equal(old);
    expect((await world.outputs()).origins).to.deep.equal([
      { distribution: ONE, origin: 'a', from: oldHost('a'), to: newHost('a'), vpcOrigin: name },
    ]);

    await world.undo(plan);
    const names = (await world.api.listVpcOrigins({})).VpcOriginList?.Items?.map(({ Name }) => Name);
    expect(names).to.have.members(['cart', 'cart-of-others']);
    expect(
      (await world.api.getDistributionConfig({ Id: ONE })).DistributionConfig?.Origins?.Items?.[0]?.VpcOriginConfig?.VpcOriginId,
    ).to.equal(old);
  });

  it('stops before any change where an old load balancer has no successor, and leaves alone what is left out', async () => {
    world.add(ONE, [custom('a', oldHost('a')), custom('c', oldHost('c'))]);
    expect(changesOf(await world.plan()).map(({ id }) => id.origin)).to.deep.equal(['a']);
    expect(world.remote.lines.join('\n')).to.contain('keeps leading to').and.contain('not part of this recovery');

    world.add(TWO, [custom('d', oldHost('d'))]);
    const loadBalancers = [...needs.inventory.loadBalancers, { dnsName: oldHost('d'), arn: oldArn('d') }];
    const error = await failure('endpoint-unmapped', world.plan({ needs: { ...needs, inventory: { loadBalancers } } }));
    expect(error.message).to.contain(TWO).and.contain(oldHost('d'));
  });

  it('touches in a recovery neither staging distributions nor the copies for drills, and in a drill only those', async () => {
    world.add(ONE, [custom('a', oldHost('a'))], { Staging: true });
    world.add(DRILL, [custom('a', oldHost('a'))], {}, { 'eks-dr:scope': 'drill' });
    world.add('E2DRILLCHECKOU', [custom('a', oldHost('a'))]);
    expect(changesOf(await world.plan())).to.deep.equal([]);
    await failure('drill-guard', world.plan({ run: runWith() }));
  });

  it('keeps edits of others that touch no origin of ours, also when they come right before the update', async () => {
    world.add(ONE, [custom('a', oldHost('a'))]);
    const plan = await world.plan();
    await edit(ONE, (config) => ({ ...config, Comment: 'edited since' }));
    await world.apply(plan);
    expect((await world.api.getDistributionConfig({ Id: ONE })).DistributionConfig?.Comment).to.equal('edited since');
    expect(await world.origins(ONE)).to.deep.equal({ a: newHost('a') });
  });

  it('calls an edit of an origin of ours drift, and overwrites nothing in its distribution', async () => {
    world.add(ONE, [custom('a', oldHost('a')), custom('b', oldHost('b'))]);
    const plan = await world.plan();
    await leadElsewhere(ONE, 'b', 'maintenance.example.net');
    await failure('drift', world.apply(plan));
    expect(await world.origins(ONE)).to.deep.equal({ a: oldHost('a'), b: 'maintenance.example.net' });
  });

  it('reads again when somebody wins the race for the ETag', async () => {
    world.add(ONE, [custom('a', oldHost('a'))]);
    const plan = await world.plan();
    world.remote.running.faults.add({
      system: 'cloudfront',
      operation: 'cloudfront:UpdateDistribution',
      effect: { status: 412, code: 'PreconditionFailed', message: 'The request failed' },
    });
    await world.apply(plan);
    expect(await world.origins(ONE)).to.deep.equal({ a: newHost('a') });
    expect(updates().map(({ status }) => status)).to.deep.equal([412, 200]);
  });

  it('leaves alone on the way back what somebody led elsewhere since', async () => {
    world.add(ONE, [custom('a', oldHost('a')), custom('b', oldHost('b'))]);
    const plan = await world.plan();
    await world.apply(plan);
    await leadElsewhere(ONE, 'b', 'maintenance.example.net');
    const { leftAlone } = await world.undo(plan);
    expect(leftAlone.map(({ id }) => id.origin)).to.deep.equal(['b']);
    expect(await world.origins(ONE)).to.deep.equal({ a: oldHost('a'), b: 'maintenance.example.net' });
  });

  it('brings 40 distributions to their end under a rate that refuses most updates', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `E${String(index).padStart(2, '0')}CCCCCCCCCC`);
    for (const id of ids) world.add(id, [custom('a', oldHost('a'))]);
    world.remote.running.sandbox.world.cloudfront.updates = { burst: 5, perMinute: 20 };
    const plan = await world.plan();
    expect(changesOf(plan)).to.have.length(40);
    await world.apply(plan);
    for (const id of ids) expect(await world.origins(id)).to.deep.equal({ a: newHost('a') });
    expect(updates().filter(({ status }) => status === 200)).to.have.length(40);
  });

  it('asks once after a refusal for the rate, and then pauses, as the SDK does not', async () => {
    world.add(ONE, [custom('a', oldHost('a'))]);
    const plan = await world.plan();
    world.remote.running.faults.add({ system: 'cloudfront', operation: '*UpdateDistribution', times: 2, effect: 'throttle' });
    await world.apply(plan);
    expect(updates()).to.have.length(3);
    expect(world.remote.lines.filter((line) => line.includes('is tried again in'))).to.have.length(2);
  });

  it('says where a load balancer’s own name is asked by HTTPS without the Host of the viewer', async () => {
    world.add(ONE, [custom('a', oldHost('a'), 'https-only')]);
    await world.plan();
    expect(world.remote.lines.join('\n')).to.contain('may not forward the Host header');
  });
});
