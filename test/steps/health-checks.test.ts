import { expect } from 'chai';
import { iam } from '../../sandbox/iam/system.ts';
import { addHealthCheck } from '../../sandbox/route53/health-checks.ts';
import { route53 as route53System } from '../../sandbox/route53/system.ts';
import { createZone } from '../../sandbox/route53/zones.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { recordFindings } from '../../steps/endpoints/record-findings.ts';
import { route53HealthCheck } from '../../steps/resources/route53-health-check.ts';
import { switchRoute53 } from '../../steps/switch-route53.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { driving } from './driving.ts';
import { bareWorld, type Remote, startRemote } from './remote.ts';
import { applyStep, changesIn, planStep, undoStep } from './walking.ts';

const OLD = 'old-a.elb.eu-west-1.amazonaws.com';
const LEFT = 'old-c.elb.eu-west-1.amazonaws.com';
const NEW = 'new-a.elb.eu-central-1.amazonaws.com';
const key = { stack: 'shop/a', type: 'network', scheme: 'internal' };
const needs = {
  created: { region: 'eu-central-1', cluster: 'new' },
  inventory: { loadBalancers: [{ dnsName: OLD }, { dnsName: LEFT }] },
  verified: {
    endpoints: [{ ...key, old: { dnsName: OLD, zoneId: 'Z2IFOLAFXWLO4F' }, new: { dnsName: NEW, zoneId: 'Z3F0SRJ5LGBH90' } }],
    leftOut: [{ ...key, stack: 'shop/c', dnsName: LEFT, reason: 'not part of this recovery' }],
  },
};
const settings = {
  Port: 443,
  RequestInterval: 30,
  FailureThreshold: 3,
  MeasureLatency: false,
  Inverted: false,
  Disabled: false,
  EnableSNI: true,
};

describe('health checks of Route 53', () => {
  let remote: Remote;
  const ids: Record<string, string> = {};
  let zones: { production: string; drill: string };
  beforeEach(async () => {
    const world = bareWorld();
    const add = (name: string, FullyQualifiedDomainName: string, tags: Record<string, string> = {}, more: object = {}) => {
      const config = { Type: 'HTTPS', FullyQualifiedDomainName, ...settings, ...more };
      ids[name] = addHealthCheck(world, { callerReference: name, config, tags }).id;
    };
    add('production', `${OLD.toUpperCase()}.`);
    add('drill', OLD, { 'eks-dr:scope': 'drill' });
    add('left', LEFT);
    add('elsewhere', 'www.example.net');
    // The start of a name is not the name; with an address, the name is only what stands in a header.
    add('lookalike', `${OLD}.example.net`);
    add('address', OLD, {}, { IPAddress: '192.0.2.1' });
    // More than a page of those of others.
    for (let index = 0; index < 120; index += 1) add(`other-${index}`, `host-${index}.example.net`);
    const record = (Name: string, SetIdentifier: string, HealthCheckId = '') => ({
      Name,
      Type: 'CNAME',
      TTL: 60,
      SetIdentifier,
      Weight: 1,
      ResourceRecords: [OLD],
      HealthCheckId,
    });
    const production = createZone(world, { name: 'example.com', records: [record('a.example.com', 'main', ids.production)] });
    const drill = createZone(world, {
      name: 'drill.example.com',
      tags: { 'eks-dr:scope': 'drill' },
      records: [record('a.drill.example.com', 'main', ids.drill), record('a.drill.example.com', 'other', ids.production)],
    });
    zones = { production: production.id, drill: drill.id };
    remote = await startRemote([sts, iam, route53System], { world });
  });
  afterEach(() => remote.stop());

  function context(mode: 'drill' | 'recover') {
    const base = estateWith();
    const estate = {
      ...base,
      route53: { ...base.route53, zones: [{ id: zones.production, name: 'example.com' }] },
      apiGateway: { ...base.apiGateway, domains: [] },
      drill: { ...base.drill, domains: [], zones: [{ id: zones.drill, name: 'drill.example.com' }] },
    };
    return contextOf(remote, { needs, estate, run: runWith({ id: `${mode}-1`, mode }) });
  }
  const looksAt = (name: string) => remote.running.sandbox.world.route53.healthChecks[ids[name] ?? '']?.config.FullyQualifiedDomainName;
  const checksIn = (plan: Awaited<ReturnType<typeof planStep>>) => changesIn(plan).filter(({ kind }) => kind === 'route53.health-check');

  it('are switched before the records in a recovery, but for those of drills; undo switches them back', async () => {
    const within = context('recover');
    const plan = await planStep(switchRoute53, within);
    expect(checksIn(plan.slice(0, 1)).map(({ id }) => id.healthCheck)).to.deep.equal([ids.production]);
    expect(checksIn(plan.slice(1))).to.deep.equal([]);
    const changes = plan.slice(0, 1);
    await applyStep(switchRoute53, within, changes);
    expect(looksAt('production')).to.equal(NEW);
    for (const name of ['drill', 'address']) expect(looksAt(name)).to.equal(OLD);
    expect(remote.lines.join('\n')).to.contain(`The health check ${ids.left} goes on looking at ${LEFT}, which has no successor.`);
    expect(checksIn(await planStep(switchRoute53, within))).to.deep.equal([]);
    await undoStep(switchRoute53, within, changes);
    expect(looksAt('production')).to.equal(OLD);
  });

  it('are switched in a drill where they are tagged for drills; a record that goes by another is named before anything is approved', async () => {
    const plan = await planStep(switchRoute53, context('drill'));
    expect(checksIn(plan).map(({ id }) => id.healthCheck)).to.deep.equal([ids.drill]);
    const said = remote.lines.join('\n');
    expect(said).to.contain(`The health check ${ids.production} goes on looking at`).and.to.contain('out of service');
    expect(said).to.contain('a.drill.example.com CNAME');
  });

  it('stay as they are, with a word, where nobody may look: that stops no switch', async () => {
    remote.running.faults.add({
      system: 'route53',
      operation: 'route53:ListHealthChecks',
      times: 'always',
      effect: { status: 403, code: 'AccessDenied' },
    });
    const within = context('recover');
    const plan = await planStep(switchRoute53, within);
    expect(changesIn(plan).map(({ kind }) => kind)).to.deep.equal(['route53.record']);
    expect(remote.lines.join('\n')).to.contain("Health checks can't be looked at");
    const found = await recordFindings({ ...within, inventory: needs.inventory } as never);
    expect(found.map(({ check, severity }) => `${check} ${severity}`)).to.deep.equal(['record-health-checks warning']);
  });

  it('are told by preflight', async () => {
    const found = await recordFindings({ ...context('drill'), inventory: needs.inventory } as never);
    expect(found.map(({ check, severity }) => `${check} ${severity}`)).to.deep.equal(['record-health-checks note']);
    expect(found[0]?.message).to.contain('2 health checks').and.to.contain(ids.production);
  });

  it('are not written over where somebody else changed them meanwhile', async () => {
    const driver = driving(route53HealthCheck, remote.clients as never);
    const id = { healthCheck: ids.production ?? '' };
    const seen = await driver.look(id, { fqdn: OLD }, { fqdn: NEW });
    await (await remote.clients.route53()).updateHealthCheck({ HealthCheckId: id.healthCheck, FailureThreshold: 5 });
    await failure('conflict', driver.write(id, { fqdn: OLD }, { fqdn: NEW }, seen));
    expect(looksAt('production')).to.not.equal(NEW);
    expect((await driver.owner({ healthCheck: ids.drill ?? '' })).kind).to.equal('drill-scope');
    expect((await driver.owner(id)).kind).to.equal('other');
    expect(await driver.now({ healthCheck: '00000000-0000-4000-a000-000000000000' })).to.equal(null);
  });
});
