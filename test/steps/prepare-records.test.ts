import { expect } from 'chai';
import { iam } from '../../sandbox/iam/system.ts';
import { route53 as route53System } from '../../sandbox/route53/system.ts';
import { createZone } from '../../sandbox/route53/zones.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { recordFindings } from '../../steps/endpoints/record-findings.ts';
import { prepareRecords } from '../../steps/prepare-records.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { bareWorld, type Remote, startRemote } from './remote.ts';
import { applyStep, changesIn, planStep, undoStep } from './walking.ts';

const OLD = 'old-a.elb.eu-west-1.amazonaws.com';
const needs = { inventory: { loadBalancers: [{ dnsName: OLD }] } };
const cname = (Name: string, TTL: number, to = OLD) => ({ Name, Type: 'CNAME', TTL, ResourceRecords: [to] });

describe('prepare-records', () => {
  let remote: Remote;
  let zone = '';
  beforeEach(async () => {
    const world = bareWorld();
    const records = [
      cname('slow.example.com', 300, `${OLD.toUpperCase()}.`),
      cname('quick.example.com', 60),
      cname('elsewhere.example.com', 300, 'x.example.net'),
      // A custom domain name of API Gateway, and another name that leads to one.
      cname('api.example.com', 300, 'd-abc123.execute-api.eu-west-1.amazonaws.com'),
      cname('strange.example.com', 300, 'd-abc123.execute-api.eu-west-1.amazonaws.com'),
      // The start of a name is not the name.
      cname('lookalike.example.com', 300, `${OLD}.example.net`),
      cname('owned.example.com', 900),
      { Name: 'cname-owned.example.com', Type: 'TXT', TTL: 300, ResourceRecords: ['"heritage=external-dns,external-dns/owner=prod"'] },
      { ...cname('blue.example.com', 120), SetIdentifier: 'blue', Weight: 10 },
      {
        Name: 'alias.example.com',
        Type: 'A',
        AliasTarget: { HostedZoneId: 'Z2IFOLAFXWLO4F', DNSName: OLD, EvaluateTargetHealth: true },
      },
    ];
    zone = createZone(world, { name: 'example.com', records }).id;
    remote = await startRemote([sts, iam, route53System], { world });
  });
  afterEach(() => remote.stop());

  function context(timeToLiveSeconds = 60) {
    const estate = estateWith({
      route53: { zones: [{ id: zone, name: 'example.com' }], timeToLiveSeconds },
      apiGateway: { apis: [], securityGroups: {}, domains: [{ name: 'api.example.com' }] },
    });
    return contextOf(remote, { needs, estate, run: runWith({ id: 'prepare-1', mode: 'prepare' }) });
  }
  const ttls = () =>
    Object.fromEntries(
      Object.values(remote.running.sandbox.world.route53.zones[zone]?.records ?? {})
        .filter(({ Type }) => Type === 'CNAME')
        .map(({ Name, TTL }) => [Name.replace('.example.com.', ''), TTL]),
    );
  const before = { slow: 300, quick: 60, elsewhere: 300, api: 300, strange: 300, lookalike: 300, owned: 900, blue: 120 };

  it('lowers the TTL of what leads to the primary, and nothing else of it; undo sets it back', async () => {
    const within = context();
    const plan = await planStep(prepareRecords, within);
    for (const { before: was, after } of changesIn(plan)) expect(after).to.deep.equal({ ...(was as object), ttl: 60 });
    await applyStep(prepareRecords, within, plan);
    expect(ttls()).to.deep.equal({ ...before, slow: 60, api: 60, blue: 60 });
    expect(changesIn(await planStep(prepareRecords, within))).to.deep.equal([]);
    await undoStep(prepareRecords, within, plan);
    expect(ttls()).to.deep.equal(before);
  });

  it('leaves to external-dns what that manages, with the way on', async () => {
    const within = context();
    await planStep(prepareRecords, within);
    expect(remote.lines.join('\n')).to.contain('owned.example.com CNAME in example.com keeps its TTL: external-dns (owner prod)');
    const { left, timeToLiveSeconds } = await prepareRecords.finish(within as never);
    expect(left.map(({ record }) => record)).to.deep.equal(['owned.example.com CNAME']);
    expect(timeToLiveSeconds).to.equal(900);
  });

  it('is what preflight names as the remedy, until all of it is done', async () => {
    const [found, ...others] = await recordFindings({ ...context(), ...needs } as never);
    expect(others).to.deep.equal([]);
    expect(found?.severity).to.equal('warning');
    expect(found?.message).to.contain('4 records').and.to.contain('900 s').and.to.contain('blue.example.com CNAME (blue) 120 s');
    expect(found?.remedy).to.contain('eks-dr prepare');
    expect(await recordFindings({ ...context(900), ...needs } as never)).to.deep.equal([]);
  });
});
