import { expect } from 'chai';
import { iam } from '../../sandbox/iam/system.ts';
import { route53 as route53System } from '../../sandbox/route53/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { externalDns } from '../../steps/checks/external-dns.ts';
import { route53Zones } from '../../steps/checks/route53-zones.ts';
import type { Route53 } from '../../steps/clients/aws.ts';
import { isWait, type Resource } from '../../steps/kit/resource.ts';
import { route53Record } from '../../steps/resources/route53-record.ts';
import { switchRoute53 } from '../../steps/switch-route53.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { driving } from './driving.ts';
import { type Remote, startRemote } from './remote.ts';

const OLD_ZONE = 'Z2IFOLAFXWLO4F';
const NEW_ZONE = 'Z3F0SRJ5LGBH90';
const balancer = (name: string, region: string) => `${name}.elb.${region}.amazonaws.com`;

function pair(stack: string, name: string) {
  return {
    stack,
    type: 'network' as const,
    scheme: 'internet-facing' as const,
    old: { dnsName: balancer(`old-${name}`, 'eu-west-1'), zoneId: OLD_ZONE },
    new: { dnsName: balancer(`new-${name}`, 'eu-central-1'), zoneId: NEW_ZONE, arn: `arn:${name}` },
  };
}

const needs = {
  created: { region: 'eu-central-1', cluster: 'new' },
  inventory: { loadBalancers: ['a', 'b', 'c'].map((name) => ({ dnsName: balancer(`old-${name}`, 'eu-west-1') })) },
  verified: {
    endpoints: [pair('shop/a', 'a'), pair('shop/b', 'b')],
    leftOut: [
      {
        stack: 'mail/c',
        type: 'network',
        scheme: 'internal',
        dnsName: balancer('old-c', 'eu-west-1'),
        reason: 'not part of this recovery',
      },
    ],
  },
};

describe('switching Route 53', () => {
  let remote: Remote;
  let route53: Route53;
  let drillZone = '';
  let productionZone = '';

  beforeEach(async () => {
    remote = await startRemote([sts, iam, route53System]);
    route53 = await remote.clients.route53();
    productionZone = await makeZone('example.com');
    drillZone = await makeZone('drill.example.com');
    await route53.changeTagsForResource({
      ResourceType: 'hostedzone',
      ResourceId: drillZone,
      AddTags: [{ Key: 'eks-dr:scope', Value: 'drill' }],
    });
  });

  afterEach(() => remote.stop());

  async function makeZone(Name: string): Promise<string> {
    const { HostedZone } = await route53.createHostedZone({ Name, CallerReference: Name });
    return HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
  }

  const aliasTo = (name: string, routing = {}) => ({
    alias: { zone: OLD_ZONE, name, evaluateTargetHealth: true },
    ttl: null,
    values: [],
    routing,
  });
  const text = (value: string) => ({ alias: null, ttl: 300, values: [`"${value}"`], routing: {} });
  const driver = () => driving(route53Record as never, remote.clients);
  const put = (zone: string, name: string, type: string, state: object, set = '') =>
    driver().write({ zone, name, type, set }, null, state as never);

  function estate() {
    const base = estateWith();
    return {
      ...base,
      route53: { ...base.route53, zones: [{ id: productionZone, name: 'example.com' }] },
      apiGateway: { ...base.apiGateway, domains: [] },
      drill: { ...base.drill, domains: [], zones: [{ id: drillZone, name: 'drill.example.com' }] },
    };
  }

  async function described(mode: 'drill' | 'recover' = 'drill'): Promise<Resource[]> {
    const items = await switchRoute53.describe?.(contextOf(remote, { needs, estate: estate(), run: runWith({ mode }) }));
    return (items ?? []).flat().filter((item): item is Resource => !isWait(item as Resource));
  }

  it('switches every record that leads to an old endpoint, in the drill zone only, and tells from where to where', async () => {
    await put(drillZone, 'a.drill.example.com', 'A', aliasTo(`dualstack.${balancer('old-a', 'eu-west-1')}`));
    await put(
      drillZone,
      'b.drill.example.com',
      'CNAME',
      { alias: null, ttl: 60, values: [balancer('old-b', 'eu-west-1')], routing: { Weight: 5 } },
      'eu',
    );
    await put(drillZone, 'x.drill.example.com', 'A', aliasTo(balancer('elsewhere', 'eu-west-1')));
    await put(productionZone, 'a.example.com', 'A', aliasTo(balancer('old-a', 'eu-west-1')));

    const resources = await described();
    expect(resources.map(({ id }) => id.name)).to.have.members(['a.drill.example.com', 'b.drill.example.com']);
    for (const { id, desired } of resources) await driver().write(id, await driver().now(id), desired);

    expect(await described()).to.deep.equal([]);
    const outputs = await switchRoute53.finish(contextOf(remote, { needs, estate: estate() }));
    expect(outputs.zones).to.deep.equal([{ id: drillZone, name: 'drill.example.com' }]);
    expect(outputs.records.map(({ name, set, to }) => [name, set, to])).to.deep.equal([
      ['a.drill.example.com', '', balancer('new-a', 'eu-central-1')],
      ['b.drill.example.com', 'eu', balancer('new-b', 'eu-central-1')],
    ]);
    expect(await driver().now({ zone: drillZone, name: 'b.drill.example.com', type: 'CNAME', set: 'eu' })).to.deep.include({
      ttl: 60,
      routing: { Weight: 5 },
    });
    expect(await driver().now({ zone: productionZone, name: 'a.example.com', type: 'A', set: '' })).to.deep.equal(
      aliasTo(balancer('old-a', 'eu-west-1')),
    );
  });

  it('switches the production zones in a recovery', async () => {
    await put(productionZone, 'a.example.com', 'A', aliasTo(balancer('old-a', 'eu-west-1')));
    expect((await described('recover')).map(({ id }) => id.zone)).to.deep.equal([productionZone]);
  });

  it('leaves records of left-out endpoints alone and says so', async () => {
    await put(drillZone, 'c.drill.example.com', 'A', aliasTo(balancer('old-c', 'eu-west-1')));
    expect(await described()).to.deep.equal([]);
    expect(remote.lines.join('\n')).to.contain('c.drill.example.com').and.contain('not part of this recovery');
  });

  it('stops before any change where an old endpoint has no successor', async () => {
    await put(drillZone, 'a.drill.example.com', 'A', aliasTo(balancer('old-a', 'eu-west-1')));
    const inventory = { loadBalancers: [...needs.inventory.loadBalancers, { dnsName: balancer('old-d', 'eu-west-1') }] };
    await put(drillZone, 'd.drill.example.com', 'A', aliasTo(balancer('old-d', 'eu-west-1')));
    const context = contextOf(remote, { needs: { ...needs, inventory }, estate: estate() });
    const error = await failure('endpoint-unmapped', async () => switchRoute53.describe?.(context));
    expect(error.message).to.contain('d.drill.example.com');
  });

  it('refuses records of external-dns, in the step and in preflight', async () => {
    await put(drillZone, 'a.drill.example.com', 'A', aliasTo(balancer('old-a', 'eu-west-1')));
    await put(
      drillZone,
      'a-a.drill.example.com',
      'TXT',
      text('heritage=external-dns,external-dns/owner=prod,external-dns/resource=service/shop/a'),
    );
    const error = await failure('conflict', described());
    expect(error.remedy).to.contain('external-dns');
    const findings = await externalDns.run(contextOf(remote, { needs, estate: estate() }));
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['blocker']);
    expect(findings[0]?.message).to.contain('a.drill.example.com').and.contain('prod');
  });

  it('finds zones that are missing, misnamed or not marked for drills', async () => {
    const base = estate();
    expect(await route53Zones.run(contextOf(remote, { needs, estate: base }))).to.deep.equal([]);
    const wrong = [
      { id: productionZone, name: 'example.com' },
      { id: drillZone, name: 'other.example.com' },
      { id: 'ZMISSING', name: 'missing.example.com' },
    ];
    const findings = await route53Zones.run(contextOf(remote, { needs, estate: { ...base, drill: { ...base.drill, zones: wrong } } }));
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['blocker', 'blocker', 'blocker']);
    expect(findings.map(({ message }) => message).join('\n'))
      .to.contain('not marked for drills')
      .and.contain('other.example.com')
      .and.contain('ZMISSING');
  });
});
