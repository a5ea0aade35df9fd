import { expect } from 'chai';
import { elbRegion } from '../../../sandbox/elb/state.ts';
import { elb } from '../../../sandbox/elb/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { primaryTakesUsers } from '../../../steps/endpoints/failback.ts';
import type { Run } from '../../../steps/kit/run.ts';
import { failure } from '../../failure.ts';
import { contextOf, runWith } from '../context.ts';
import { bareWorld, type Remote, startRemote } from '../remote.ts';

const PRIMARY = 'eu-west-1';
const host = (name: string) => `${name}.elb.${PRIMARY}.amazonaws.com`;
const arnOf = (name: string) => `arn:aws:elasticloadbalancing:${PRIMARY}:111122223333:loadbalancer/net/${name}/1`;

/** A load balancer of the primary with one target, which is healthy from `healthyAt` on. */
function seeded({ loadBalancers, targetGroups }: ReturnType<typeof elbRegion>, name: string, healthyAt: number): void {
  const arn = arnOf(name);
  loadBalancers[arn] = {
    arn,
    name,
    type: 'network',
    scheme: 'internet-facing',
    dnsName: host(name),
    canonicalHostedZoneId: 'Z2IFOLAFXWLO4F',
    vpcId: 'vpc-1',
    subnetIds: [],
    securityGroupIds: [],
    createdAt: 0,
    activeAt: 0,
    tags: {},
  };
  const group = arn.replace('loadbalancer/net', 'targetgroup');
  targetGroups[group] = {
    arn: group,
    name,
    loadBalancerArn: arn,
    protocol: 'TCP',
    port: 80,
    targetType: 'ip',
    vpcId: 'vpc-1',
    targets: [{ id: '10.0.0.1', port: 80, healthyAt }],
    tags: {},
  };
}

describe('the primary before users are sent back to it', () => {
  let remote: Remote;

  before(async () => {
    const world = bareWorld();
    const region = elbRegion(world.elb, PRIMARY);
    seeded(region, 'well', 0);
    seeded(region, 'idle', Number.MAX_SAFE_INTEGER);
    remote = await startRemote([sts, iam, elb], { world });
  });
  after(() => remote.stop());
  beforeEach(() => {
    remote.lines.length = 0;
  });
  afterEach(() => remote.running.faults.clear());

  const names = ['well', 'idle', 'gone'];
  const needs = { inventory: { loadBalancers: names.map((name) => ({ dnsName: host(name), arn: arnOf(name), listeners: [] })) } };
  const alias = (name: string) => ({ alias: { zone: 'Z1', name: `dualstack.${host(name)}.`, evaluateTargetHealth: true }, values: [] });

  function goBackTo(states: readonly object[], run: Partial<Run> = { mode: 'recover' }): Promise<void> {
    const changes = states.map((after, index) => ({ kind: 'any', id: { index: String(index) }, before: null, after: after as never }));
    return primaryTakesUsers({ ...contextOf(remote, { needs, run: runWith(run) }), changes });
  }

  it('lets users go back to load balancers that are active and have healthy targets, whatever the others are', async () => {
    await goBackTo([alias('well'), { target: arnOf('well') }, { alias: null, values: ['192.0.2.1'] }]);
    expect(remote.lines).to.deep.equal([]);
  });

  it('names every load balancer that is gone or has no healthy target, what is wrong with it, and both ways on', async () => {
    const { message, remedy } = await failure('unhealthy', goBackTo([alias('well'), alias('idle'), { origin: arnOf('gone') }]));
    expect(message)
      .to.contain(`${host('idle')}: 1 of its 1 target groups have no healthy target (targets are initial)`)
      .and.contain(`${host('gone')}: there is no such load balancer any more`)
      .and.not.contain(host('well'));
    expect(remedy).to.contain('Bring the primary back').and.contain('--accept-unhealthy-primary');
  });

  it('takes a region that does not answer for unhealthy, and says so', async () => {
    remote.running.faults.add({ system: 'elb', operation: '*', region: PRIMARY, times: 'always', effect: 'cut-before' });
    const { message } = await failure('unhealthy', goBackTo([alias('well')]));
    expect(message).to.contain(`${host('well')}: ${PRIMARY} does not answer`);
  });

  it('tells a missing permission from a region that is away', async () => {
    remote.running.faults.add({
      system: 'elb',
      operation: '*',
      times: 'always',
      effect: { status: 403, code: 'AccessDenied', message: 'not allowed' },
    });
    const { message } = await failure('unhealthy', goBackTo([alias('well')]));
    expect(message).to.contain(`${PRIMARY} won't tell`).and.contain('not allowed');
  });

  it('goes on where a person accepted it, and says what, who and why', async () => {
    await goBackTo([alias('idle')], { mode: 'recover', unhealthyPrimary: { reason: 'the recovery is worse', by: 'ann' } });
    expect(remote.lines.join('\n')).to.contain(host('idle')).and.contain('ann accepts it: the recovery is worse');
  });

  it('only warns in a drill', async () => {
    await goBackTo([alias('gone')], { mode: 'drill' });
    expect(remote.lines.join('\n')).to.contain(host('gone')).and.contain('In a drill');
  });
});
