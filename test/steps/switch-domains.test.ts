import { expect } from 'chai';
import type { CustomDomain } from '../../sandbox/apigateway/state.ts';
import { apigateway } from '../../sandbox/apigateway/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import type { RecordSet } from '../../sandbox/route53/state.ts';
import { route53 } from '../../sandbox/route53/system.ts';
import { putRecord } from '../../sandbox/route53/zones.ts';
import { sts } from '../../sandbox/sts/system.ts';
import type { World } from '../../sandbox/world.ts';
import { DRILL_APIS, STANDBY_APIS } from '../../sandbox/worlds/api-names.ts';
import { DRILL_ZONE, PRIMARY_REGION, PRODUCTION_ZONE, RECOVERY_REGION } from '../../sandbox/worlds/names.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { gatewayDomains } from '../../steps/checks/gateway-domains.ts';
import type { Run } from '../../steps/kit/run.ts';
import { switchRoute53 } from '../../steps/switch-route53.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { type Remote, startRemote } from './remote.ts';
import { applyStep, changesIn, planStep, undoStep } from './walking.ts';

const NAME = `api.${PRODUCTION_ZONE.name}`;
const DRILL_NAME = `api.${DRILL_ZONE.name}`;

describe('switching the records of custom domain names', () => {
  let seeded: string;
  let world: World;
  let remote: Remote;

  before(() => {
    seeded = JSON.stringify(shopWorld({ services: 'small' }));
  });
  beforeEach(async () => {
    world = JSON.parse(seeded) as World;
    remote = await startRemote([sts, iam, route53, apigateway], { world });
  });
  afterEach(() => remote.stop());

  const lose = (region = PRIMARY_REGION): void => {
    remote.running.faults.add({ system: '*', operation: '*', region, times: 'always', effect: 'cut-before' });
  };

  function domainIn(region: string, name = NAME): CustomDomain {
    return world.apigateway.regions[region]?.domains[name] ?? expect.fail(`no ${name} in ${region}`);
  }
  const oldTarget = (name = NAME) => domainIn(PRIMARY_REGION, name).targetName;
  const newTarget = (name = NAME) => domainIn(RECOVERY_REGION, name).targetName;

  function context(change: Partial<Run> = {}, region = RECOVERY_REGION) {
    const base = estateWith();
    const needs = {
      inventory: { loadBalancers: [] },
      created: { region, cluster: 'shop-new' },
      verified: { endpoints: [], leftOut: [] },
    };
    const targets = { ...base.targets, frankfurt: { ...(base.targets.frankfurt ?? expect.fail()), region } };
    return contextOf(remote, { needs, estate: { ...base, targets }, run: runWith({ mode: 'recover', ...change }) });
  }

  const zone = () => world.route53.zones[PRODUCTION_ZONE.id] ?? expect.fail();
  const put = (...records: RecordSet[]) => {
    for (const record of records) putRecord(zone(), record);
  };
  const recordsOf = (name = NAME, id = PRODUCTION_ZONE.id) =>
    Object.values(world.route53.zones[id]?.records ?? {}).filter(({ Name }) => Name === `${name}.`);
  const removeRecord = () => {
    for (const [key, { Name }] of Object.entries(zone().records)) if (Name === `${NAME}.`) delete zone().records[key];
  };
  const dump = () => JSON.stringify(route53.dump?.(world));
  const said = () => remote.lines.join('\n');

  async function refused(change: Partial<Run> = {}) {
    const before = dump();
    const error = await failure('endpoint-unmapped', planStep(switchRoute53, context(change)));
    expect(dump()).to.equal(before);
    return error;
  }

  it('leads an alias to the custom domain name of the new region, though its own region is lost; undo leads it back', async () => {
    lose();
    const before = dump();
    const within = context();
    const plan = await planStep(switchRoute53, within);
    expect(changesIn(plan).map(({ id }) => [id.name, id.type])).to.deep.equal([[NAME, 'A']]);
    await applyStep(switchRoute53, within, plan);
    const { targetZoneId } = domainIn(RECOVERY_REGION);
    const [{ AliasTarget } = expect.fail()] = recordsOf();
    expect(AliasTarget).to.deep.equal({ HostedZoneId: targetZoneId, DNSName: `${newTarget()}.`, EvaluateTargetHealth: true });
    expect(changesIn(await planStep(switchRoute53, within))).to.deep.equal([]);
    const { records } = await switchRoute53.finish(within);
    expect(records).to.deep.equal([
      { zone: PRODUCTION_ZONE.name, name: NAME, type: 'A', set: '', from: `API Gateway in ${PRIMARY_REGION}`, to: newTarget() },
    ]);
    await undoStep(switchRoute53, within, plan);
    expect(dump()).to.equal(before);
  });

  it('switches in a drill the domain names of drills in the drill zones, and nothing else', async () => {
    const plan = await planStep(switchRoute53, context({ mode: 'drill' }));
    expect(changesIn(plan).map(({ id }) => id.name)).to.deep.equal([DRILL_NAME]);
  });

  it('carries routing through untouched, and leaves alone what leads elsewhere or is led there already', async () => {
    removeRecord();
    const routed = { Name: NAME, Type: 'CNAME', TTL: 60 };
    const { targetZoneId: HostedZoneId } = domainIn(PRIMARY_REGION);
    put(
      { ...routed, SetIdentifier: 'left', Weight: 70, ResourceRecords: [`${oldTarget().toUpperCase()}.`] },
      { ...routed, SetIdentifier: 'there', Weight: 20, ResourceRecords: [newTarget()] },
      { ...routed, SetIdentifier: 'edge', Weight: 10, ResourceRecords: ['edge.example.net'] },
      // Whole names only.
      { Name: `x.${NAME}`, Type: 'CNAME', TTL: 60, ResourceRecords: [`${oldTarget()}.example.net`] },
      // Another name for the same: it can only be meant for this domain name (or a wildcard).
      { Name: `y.${NAME}`, Type: 'AAAA', AliasTarget: { HostedZoneId, DNSName: oldTarget(), EvaluateTargetHealth: false } },
    );
    const within = context();
    const plan = await planStep(switchRoute53, within);
    expect(changesIn(plan).map(({ id }) => [id.name, id.set])).to.have.deep.members([
      [NAME, 'left'],
      [`y.${NAME}`, ''],
    ]);
    await applyStep(switchRoute53, within, plan);
    const weights = recordsOf().map(({ SetIdentifier, Weight, TTL, ResourceRecords }) => [
      SetIdentifier,
      Weight,
      TTL,
      ResourceRecords?.[0],
    ]);
    expect(weights).to.have.deep.members([
      ['left', 70, 60, `${newTarget()}.`],
      ['there', 20, 60, newTarget()],
      ['edge', 10, 60, 'edge.example.net'],
    ]);
  });

  it('does nothing in a recovery beside the primary, and nothing where only a part of the services is recovered', async () => {
    expect(changesIn(await planStep(switchRoute53, context({}, PRIMARY_REGION)))).to.deep.equal([]);
    expect(said()).to.not.contain(NAME);
    expect(changesIn(await planStep(switchRoute53, context({ services: ['cart-api'] })))).to.deep.equal([]);
    expect(said()).to.match(/takes all its paths along, and only a part of the services is recovered/);
  });

  it('stops before any change where the new region has no good custom domain name', async () => {
    const there = domainIn(RECOVERY_REGION);
    const apis = world.apigateway.regions[RECOVERY_REGION]?.restApis ?? {};
    const cases: readonly [RegExp, () => void][] = [
      [/status is PENDING_CERTIFICATE_REIMPORT/, () => Object.assign(there, { status: 'PENDING_CERTIFICATE_REIMPORT' })],
      [/it is not regional/, () => Object.assign(there, { status: 'AVAILABLE', endpointType: 'EDGE' })],
      [
        /none of the APIs mapped to it is deployed: copyshop00 prod, copycatalo prod/,
        () => {
          Object.assign(there, { endpointType: 'REGIONAL' });
          for (const id of Object.values(STANDBY_APIS)) for (const stage of Object.values(apis[id]?.stages ?? {})) stage.deploymentId = '';
        },
      ],
      [/no API is mapped to it/, () => Object.assign(there, { mappings: {} })],
      [/there is no such custom domain name/, () => delete world.apigateway.regions[RECOVERY_REGION]?.domains[NAME]],
    ];
    for (const [expected, spoil] of cases) {
      spoil();
      const { message, remedy } = await refused();
      expect(message).to.match(expected).and.contain(NAME);
      expect(remedy).to.contain(`Make the custom domain name ${NAME} in ${RECOVERY_REGION}`);
      const [finding] = await gatewayDomains.run(context() as never);
      expect(finding).to.include({ severity: 'blocker' });
      expect(finding?.message).to.match(expected);
    }
  });

  it('asks the region that is left where records lead to several of its names, and refuses where it does not answer', async () => {
    const other = 'd-0000000000.execute-api.eu-west-1.amazonaws.com';
    removeRecord();
    const routed = { Name: NAME, Type: 'CNAME', TTL: 60, Weight: 1 };
    put(
      { ...routed, SetIdentifier: 'own', ResourceRecords: [oldTarget()] },
      { ...routed, SetIdentifier: 'other', ResourceRecords: [other] },
    );
    const plan = await planStep(switchRoute53, context());
    expect(changesIn(plan).map(({ id }) => id.set)).to.deep.equal(['own']);
    expect(said()).to.contain(`A record of ${NAME} leads to ${other} and stays as it is`);
    const [warning] = await gatewayDomains.run(context() as never);
    expect(warning).to.include({ severity: 'warning' });
    expect(warning?.message).to.contain(other).and.contain(oldTarget());
    lose();
    expect((await refused()).message)
      .to.contain(other)
      .and.contain(oldTarget());
  });

  it('says that nothing is switched of a domain name that no record leads to its region', async () => {
    removeRecord();
    put({ Name: NAME, Type: 'CNAME', TTL: 60, ResourceRecords: ['d123.cloudfront.net'] });
    expect(changesIn(await planStep(switchRoute53, context()))).to.deep.equal([]);
    expect(said()).to.contain(
      `No record of the estate's zones leads ${NAME} to API Gateway in ${PRIMARY_REGION} (it leads to d123.cloudfront.net)`,
    );
    expect((await gatewayDomains.run(context() as never)).map(({ severity }) => severity)).to.deep.equal(['warning']);
  });

  it('leaves to external-dns what external-dns would write back', async () => {
    put({ Name: `a-${NAME}`, Type: 'TXT', TTL: 300, ResourceRecords: ['"heritage=external-dns,external-dns/owner=prod"'] });
    const error = await failure('conflict', planStep(switchRoute53, context()));
    expect(error.message).to.contain(`${NAME} A (owner prod)`);
  });

  it('looks ahead without a finding where all is well, and without the region that is lost', async () => {
    for (const change of [{}, { mode: 'drill' as const }]) expect(await gatewayDomains.run(context(change) as never)).to.deep.equal([]);
    lose();
    expect(await gatewayDomains.run(context() as never)).to.deep.equal([]);
    expect(await gatewayDomains.run(context({}, PRIMARY_REGION) as never)).to.deep.equal([]);
  });

  it('goes back only to a custom domain name that would answer; in a recovery a person must accept another', async () => {
    const within = context();
    const plan = await planStep(switchRoute53, within);
    await applyStep(switchRoute53, within, plan);
    const back = changesIn(plan).map((change) => ({ ...change, before: change.after, after: change.before }));
    const goBack = (change: Partial<Run> = {}) => switchRoute53.beforeUndo?.({ ...context(change), changes: back } as never);
    await goBack();
    const domain = domainIn(PRIMARY_REGION);
    domain.status = 'UPDATING';
    const { message, remedy } = await failure('unhealthy', Promise.resolve(goBack()));
    expect(message).to.contain(`${oldTarget()} (${NAME}): its status is UPDATING`);
    expect(remedy).to.contain('--accept-unhealthy-primary');
    await goBack({ unhealthyPrimary: { by: 'ann', reason: 'it comes back' } });
    expect(said()).to.contain('ann accepts it');
    domain.status = 'AVAILABLE';
    lose();
    expect((await failure('unhealthy', Promise.resolve(goBack()))).message).to.contain(`${oldTarget()}: ${PRIMARY_REGION} does not answer`);
    remote.running.faults.clear();
    const target = oldTarget();
    delete world.apigateway.regions[PRIMARY_REGION]?.domains[NAME];
    expect((await failure('unhealthy', Promise.resolve(goBack()))).message).to.contain(
      `${target}: no custom domain name in ${PRIMARY_REGION}`,
    );
  });

  it('takes a mapping of an HTTP or WebSocket API for as good as one of a REST API', async () => {
    const mapping = { id: 'map', path: '', apiId: DRILL_APIS.events, stage: 'prod' };
    domainIn(RECOVERY_REGION).mappings = { map: mapping };
    expect(changesIn(await planStep(switchRoute53, context()))).to.have.length(1);
  });
});
