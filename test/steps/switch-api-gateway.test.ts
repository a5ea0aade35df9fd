import { expect } from 'chai';
import { liveHttp } from '../../sandbox/apigateway/live.ts';
import { apigateway } from '../../sandbox/apigateway/system.ts';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { elb } from '../../sandbox/elb/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import type { World } from '../../sandbox/world.ts';
import { DRILL_APIS, DRILL_APIS_BESIDE, PRODUCTION_APIS, STANDBY_APIS } from '../../sandbox/worlds/api-names.ts';
import { PRIMARY_REGION, RECOVERY_REGION } from '../../sandbox/worlds/names.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { gatewayApis } from '../../steps/checks/gateway-apis.ts';
import type { CustomDomainName, GatewayApi } from '../../steps/estate/api-gateway.ts';
import { applyPlan } from '../../steps/kit/applying.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import type { PlanItem } from '../../steps/kit/plan.ts';
import { planDescription } from '../../steps/kit/planning.ts';
import { isWait } from '../../steps/kit/resource.ts';
import type { Run } from '../../steps/kit/run.ts';
import { foldPlans, planUndo } from '../../steps/kit/undo.ts';
import { prepareEndpoints } from '../../steps/prepare-endpoints.ts';
import { apigatewayDeployment } from '../../steps/resources/apigateway-deployment.ts';
import { switchApiGateway } from '../../steps/switch-api-gateway.ts';
import { failure } from '../failure.ts';
import { NEW_CLUSTER, withSuccessors } from './api-gateway/gateway-world.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { type Remote, startRemote } from './remote.ts';

describe('switching API Gateway', () => {
  let seeded: string;
  let world: World;
  let remote: Remote;

  before(() => {
    seeded = JSON.stringify(shopWorld({ services: 'small' }));
  });

  beforeEach(async () => {
    world = JSON.parse(seeded) as World;
    remote = await startRemote([sts, iam, ec2, elb, apigateway], { world });
  });

  afterEach(() => remote.stop());

  /** A run into a region, with the APIs that it shall switch. */
  function given(region: string, apis: readonly GatewayApi[], mode: Run['mode'] = 'drill', domains: readonly CustomDomainName[] = []) {
    const endpoints = withSuccessors(world, region);
    const base = estateWith();
    const estate = {
      ...base,
      cloudfront: { distributions: [] },
      apiGateway: { ...base.apiGateway, apis: mode === 'drill' ? [] : [...apis], domains: [...domains] },
      drill: { ...base.drill, distributions: [], apis: mode === 'drill' ? [...apis] : [] },
    };
    const inventory = { loadBalancers: endpoints.map(({ old, new: _new, ...key }) => ({ ...key, ...old })) };
    const istio = { applications: [], loadBalancers: endpoints.slice(0, 1).map(({ old: _old, new: to, ...key }) => ({ ...key, ...to })) };
    const needs = { inventory, created: { region, cluster: NEW_CLUSTER }, istio, verified: { endpoints, leftOut: [] } };
    return { needs, estate, run: runWith({ mode }) };
  }

  type Given = ReturnType<typeof given>;

  function engineFor(run: Run, direction: 'forward' | 'undo'): Engine<never> {
    const { clients } = remote;
    const drivers = [...switchApiGateway.drivers, ...prepareEndpoints.drivers];
    const found = <T>(list: readonly T[], is: (one: T) => boolean): T => {
      const one = list.find(is);
      if (one === undefined) throw new Error('there is no such driver or wait');
      return one;
    };
    return {
      run,
      direction,
      clients: clients as never,
      clock: clients.clock,
      log: clients.log,
      signal: clients.signal,
      driver: (kind) => found(drivers, (one) => one.kind === kind) as never,
      wait: (name) => found(switchApiGateway.waits, (one) => one.wait === name) as never,
    };
  }

  async function plan(given: Given, step: Pick<typeof switchApiGateway, 'describe'> = switchApiGateway): Promise<PlanItem[][]> {
    return planDescription(engineFor(given.run, 'forward'), (await step.describe?.(contextOf(remote, given))) ?? []);
  }

  const apply = (given: Given, items: PlanItem[][]) => applyPlan(engineFor(given.run, 'forward'), items);
  const kinds = (items: PlanItem[][]) => items.map((wave) => [...new Set(wave.map((item) => (isWait(item) ? item.wait : item.kind)))]);
  const dump = () => JSON.stringify(apigateway.dump?.(world));

  async function undo({ run }: Given, ...applied: PlanItem[][][]): Promise<void> {
    const engine = engineFor(run, 'undo');
    const { items, leftAlone } = await planUndo(engine, foldPlans(applied.map((one) => ({ items: one, completed: true }))));
    expect(leftAlone).to.deep.equal([]);
    await applyPlan(engine, items);
  }

  /** Somebody edits an API, and does not deploy it. */
  function editHealth(): void {
    const api = world.apigateway.regions[RECOVERY_REGION]?.restApis[DRILL_APIS.shop];
    const resource = Object.values(api?.resources ?? {}).find(({ path }) => path === '/health');
    const method = resource?.methods.GET;
    if (method === undefined) throw new Error('the world has no such method');
    method.apiKeyRequired = true;
  }

  const drillApis = Object.values(DRILL_APIS).map((id) => ({ id, region: RECOVERY_REGION, publishUnseen: id === DRILL_APIS.events }));
  const events = drillApis.filter(({ id }) => id === DRILL_APIS.events);
  const eventsHere = () => world.apigateway.regions[RECOVERY_REGION]?.httpApis[DRILL_APIS.events] ?? expect.fail();
  const served = () => liveHttp(eventsHere(), eventsHere().stages.prod ?? expect.fail());
  const besideApis = Object.values(DRILL_APIS_BESIDE).map((id) => ({ id, region: PRIMARY_REGION }));

  it('switches what leads to the primary, publishes it, and undo leaves no trace', async () => {
    const drill = given(RECOVERY_REGION, drillApis);
    const before = dump();
    const items = await plan(drill);
    expect(kinds(items)).to.deep.equal([
      ['apigateway.integration', 'apigateway.stage-variable', 'apigatewayv2.integration'],
      // The fourth API is edited while the first three are published.
      ['apigateway.deployment', 'apigatewayv2.deployment', 'apigatewayv2.integration'],
      ['apigatewayv2.websocket-deployment'],
      ['stages-published'],
    ]);
    const wait = items.flat().find((item) => isWait(item));
    expect(wait).to.deep.include({ expectedSeconds: 20 });
    await apply(drill, items);
    expect(await plan(drill)).to.deep.equal([]);
    const { apis } = await switchApiGateway.finish(contextOf(remote, drill));
    expect(apis.find(({ id }) => id === DRILL_APIS.shop)?.integrations.map(({ label }) => label)).to.have.members([
      'GET /cart',
      'ANY /cart/{item}',
      'POST /checkout',
    ]);
    await undo(drill, items);
    expect(dump()).to.equal(before);
  });

  it('takes private integrations through links of the run, made early, and deletes them once nothing uses them', async () => {
    const drill = given(PRIMARY_REGION, besideApis);
    const before = dump();
    const early = await plan(drill, prepareEndpoints as never);
    await apply(drill, early);
    const items = await plan(drill);
    expect(kinds(early).concat(kinds(items)).flat()).to.include.members(['apigateway.vpc-link', 'apigatewayv2.vpc-link']);
    const links = [...early, ...items].flat().filter((item) => !isWait(item) && item.kind === 'apigatewayv2.vpc-link');
    expect(links).to.have.length(1);
    await apply(drill, items);
    expect(await plan(drill)).to.deep.equal([]);
    expect(await plan(drill, prepareEndpoints as never)).to.deep.equal([]);
    await undo(drill, items);
    await undo(drill, early);
    expect(dump()).to.equal(before);
  });

  it('leaves alone what can not reach the new region, and says what to do', async () => {
    const drill = given(RECOVERY_REGION, besideApis);
    expect(await plan(drill)).to.deep.equal([]);
    expect(remote.lines.join('\n')).to.match(
      /keeps leading to the primary: a private integration reaches load balancers of its own region/,
    );
  });

  it('refuses to publish edits that are not ours, with every other problem, before anything is changed', async () => {
    const recovery = given(
      RECOVERY_REGION,
      [
        { id: PRODUCTION_APIS.partners, region: PRIMARY_REGION },
        { id: 'nosuchapi0', region: PRIMARY_REGION },
      ],
      'recover',
    );
    const error = await failure('conflict', plan(recovery));
    expect(error.message).to.match(/edits that nobody deployed: POST \/offers is new/);
    expect(error.also.map(({ message }) => message).join()).to.match(/no API nosuchapi0/);
  });

  it('refuses an edit that somebody makes between plan and apply', async () => {
    const drill = given(RECOVERY_REGION, drillApis);
    const items = await plan(drill);
    editHealth();
    const error = await failure('conflict', apply(drill, items));
    expect(error.message).to.match(/GET \/health was changed/);
  });

  it('compares once more right before it publishes, since deployments wait for their turn', async () => {
    const drill = given(RECOVERY_REGION, drillApis);
    const items = await plan(drill);
    await apply(drill, items.slice(0, 1));
    const change = items.flat().find((item) => !isWait(item) && item.kind === apigatewayDeployment.kind);
    if (change === undefined || isWait(change)) throw new Error('no stage is to be published');
    const clients = remote.clients as never;
    const [look] = await apigatewayDeployment.look(clients, [change]);
    expect(look?.at).to.equal('before');
    editHealth();
    const { id, before, after } = change;
    const writing = apigatewayDeployment.write(clients, [{ id, before, after, observed: look?.observed } as never]);
    expect((await failure('conflict', writing)).message).to.match(/GET \/health was changed/);
  });

  it('publishes a stage of a WebSocket API only where the estate accepts that it can not be compared', async () => {
    const drill = given(
      RECOVERY_REGION,
      events.map(({ id, region }) => ({ id, region })),
    );
    const before = dump();
    const error = await failure('conflict', plan(drill));
    expect(error.message).to.match(/what a deployment of such an API holds/);
    expect(error.remedy).to.match(/publishUnseen: true/);
    expect(dump()).to.equal(before);
  });

  it('publishes of a WebSocket API what was planned, or nothing: not what somebody edits meanwhile', async () => {
    const drill = given(RECOVERY_REGION, events);
    const items = await plan(drill);
    const old = served();
    const [route] = Object.values(eventsHere().routes);
    if (route !== undefined) route.authorizationType = 'AWS_IAM';
    const error = await failure('conflict', apply(drill, items));
    expect(error.message).to.match(/routes or integrations are not what they were/);
    expect(served()).to.deep.equal(old);
  });

  it('takes a deployment that somebody else put on a stage of a WebSocket API for drift', async () => {
    const drill = given(RECOVERY_REGION, events);
    const items = await plan(drill);
    const gateway = await remote.clients.apiGatewayV2(RECOVERY_REGION);
    const { DeploymentId } = await gateway.createDeployment({ ApiId: DRILL_APIS.events, StageName: 'prod' });
    await failure('drift', apply(drill, items));
    expect(eventsHere().stages.prod?.deploymentId).to.equal(DeploymentId);
  });

  it('goes on with a WebSocket API whose integrations were switched and not yet published', async () => {
    const drill = given(RECOVERY_REGION, events);
    const before = dump();
    const first = await plan(drill);
    const [edits = []] = first;
    await apply(drill, [edits]);
    const second = await plan(drill);
    expect(kinds(second)).to.deep.equal([['apigatewayv2.websocket-deployment'], ['stages-published']]);
    await apply(drill, second);
    expect(Object.values(served()).map(({ integrationUri }) => integrationUri)).to.satisfy((all: string[]) =>
      all.every((uri) => uri.startsWith('http://new-')),
    );
    expect(await plan(drill)).to.deep.equal([]);
    await undo(drill, [edits], second);
    expect(dump()).to.equal(before);
  });

  it('leads back a stage of a WebSocket API whose way back was cut after the stage had gone', async () => {
    const drill = given(RECOVERY_REGION, events);
    const before = dump();
    const former = eventsHere().stages.prod?.deploymentId;
    const items = await plan(drill);
    await apply(drill, items);
    const gateway = await remote.clients.apiGatewayV2(RECOVERY_REGION);
    await gateway.updateStage({ ApiId: DRILL_APIS.events, StageName: 'prod', DeploymentId: former });
    await undo(drill, items);
    expect(Object.keys(eventsHere().deployments)).to.deep.equal([former]);
    expect(dump()).to.equal(before);
  });

  describe('where the region of the APIs does not answer', () => {
    const apis = [
      { id: PRODUCTION_APIS.shop, region: PRIMARY_REGION },
      { id: STANDBY_APIS.shop, region: RECOVERY_REGION },
    ];
    const domains = [{ name: 'api.shop.example.com' }];
    beforeEach(() => {
      remote.running.faults.add({ system: 'apigateway', operation: '*', region: PRIMARY_REGION, times: 'always', effect: 'cut-before' });
    });

    it('goes on with those of the new region where custom domain names take the users there', async () => {
      const recovery = given(RECOVERY_REGION, apis, 'recover', domains);
      const items = await plan(recovery);
      const touched = items.flat().flatMap((item) => (isWait(item) ? [] : [item.id.api]));
      expect([...new Set(touched)]).to.deep.equal([STANDBY_APIS.shop]);
      expect(remote.lines.join('\n')).to.match(
        /API Gateway in eu-west-1 does not answer, so shop00rest stay as they are. Users leave that region by the records of api\.shop\.example\.com/,
      );
      const found = await switchApiGateway.finish(contextOf(remote, recovery));
      expect(found.apis.map(({ id }) => id)).to.deep.equal([STANDBY_APIS.shop]);
      expect((await gatewayApis.run(contextOf(remote, recovery) as never)).map(({ severity }) => severity)).to.deep.equal(['warning']);
    });

    it('stops where the estate names none, or only those of another region', async () => {
      for (const others of [[], [{ name: 'api.shop.example.com', region: 'us-east-1' }]]) {
        const recovery = given(RECOVERY_REGION, apis, 'recover', others);
        const error = await failure('endpoint-unmapped', plan(recovery));
        expect(error.message).to.match(/shop00rest can't be switched, and the estate names no custom domain name/);
        expect(error.remedy).to.contain('apiGateway.domains');
        const [finding] = await gatewayApis.run(contextOf(remote, recovery) as never);
        expect(finding).to.include({ severity: 'blocker' });
        expect(finding?.remedy).to.contain('apiGateway.domains');
      }
    });

    it('is an error where it is the new region, or in a drill', async () => {
      await failure('remote-unavailable', plan(given(PRIMARY_REGION, apis, 'recover', domains)));
      await failure('remote-unavailable', plan(given(RECOVERY_REGION, apis, 'drill', domains)));
    });
  });

  it('touches no API of production in a drill', async () => {
    const drill = given(RECOVERY_REGION, [{ id: PRODUCTION_APIS.shop, region: PRIMARY_REGION }]);
    await failure('drill-guard', plan(drill));
  });

  it('looks ahead: at APIs that are not there or not marked, and at stages with edits', async () => {
    const check = async (setting: Given) => (await gatewayApis.run(contextOf(remote, setting) as never)).map(({ severity }) => severity);
    expect(await check(given(RECOVERY_REGION, drillApis))).to.deep.equal([]);
    const production = (id: string) => ({ id, region: PRIMARY_REGION });
    expect(await check(given(RECOVERY_REGION, [production(PRODUCTION_APIS.shop), production('nosuchapi0')]))).to.deep.equal([
      'blocker',
      'blocker',
    ]);
    expect(await check(given(RECOVERY_REGION, [production(PRODUCTION_APIS.partners)], 'recover'))).to.deep.equal(['warning']);
    expect(await check(given(RECOVERY_REGION, [production(PRODUCTION_APIS.events)], 'recover'))).to.deep.equal(['warning']);
    expect(await check(given(RECOVERY_REGION, [production(PRODUCTION_APIS.alerts)], 'recover'))).to.deep.equal([]);
  });
});
