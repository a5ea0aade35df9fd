import { expect } from 'chai';
import { liveRest } from '../../../sandbox/apigateway/live.ts';
import { addLinkV1, addLinkV2, addRestApi, editRestApi } from '../../../sandbox/apigateway/seed.ts';
import { apiGatewayRegion, type RestApi } from '../../../sandbox/apigateway/state.ts';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { errorOf } from '../aws-sandbox.ts';
import { addBalancer, type Gateway, listenerOf, REGION, startGateway, until } from './gateway.ts';

describe('sandbox: a REST API', () => {
  let gateway: Gateway;
  let api: RestApi;
  const restApiId = 'shop00rest';
  const uri = (host: string): string => `http://${host}/cart`;
  const live = () => liveRest(api, gateway.world.apigateway.regions[REGION]?.restApis[restApiId]?.stages.prod ?? expect.fail());
  const idOf = (path: string): string => Object.values(api.resources).find((resource) => resource.path === path)?.id ?? '';
  const patch = (path: string, value: string, op: 'replace' | 'add' = 'replace') =>
    gateway.v1.updateIntegration({ restApiId, resourceId: idOf('/cart'), httpMethod: 'GET', patchOperations: [{ op, path, value }] });
  const deploy = () => until(() => gateway.v1.createDeployment({ restApiId, stageName: 'prod' }).catch(() => null), Boolean);

  beforeEach(async () => {
    const world = emptyWorld();
    api = addRestApi(
      { world, region: REGION, at: world.clock, tags: { team: 'cart' } },
      {
        id: restApiId,
        name: 'shop',
        methods: { 'GET /cart': { uri: uri('old.example.com') } },
        stages: { prod: { backend: 'old.example.com' } },
      },
    );
    gateway = await startGateway(world);
  });
  afterEach(() => gateway.running.stop());

  it('tells its resources page by page, with their integrations when asked', async () => {
    for (const path of ['/a', '/b', '/c']) editRestApi(gateway.world, api, `GET ${path}`, { uri: uri('x.example.com') });
    const first = await gateway.v1.getResources({ restApiId, limit: 3, embed: ['methods'] });
    const second = await gateway.v1.getResources({ restApiId, limit: 3, embed: ['methods'], position: first.position });
    expect([first, second].map(({ items = [] }) => items.map(({ path }) => path))).to.deep.equal([
      ['/', '/a', '/b'],
      ['/c', '/cart'],
    ]);
    expect(second.position).to.equal(undefined);
    const cart = second.items?.find(({ path }) => path === '/cart');
    expect(cart?.resourceMethods?.GET?.methodIntegration).to.include({ type: 'HTTP_PROXY', uri: uri('old.example.com') });
    const bare = await gateway.v1.getResources({ restApiId });
    expect(bare.items?.at(-1)?.resourceMethods?.GET?.methodIntegration).to.equal(undefined);
  });

  it('serves what was deployed, not what was edited since, and a deployment publishes every edit', async () => {
    editRestApi(gateway.world, api, 'POST /cart', { uri: uri('draft.example.com') });
    await patch('/uri', uri('new.example.com'));
    expect(live()).to.have.all.keys('GET /cart');
    expect(live()['GET /cart']?.uri).to.equal(uri('old.example.com'));
    await deploy();
    expect(live()['GET /cart']?.uri).to.equal(uri('new.example.com'));
    expect(live()).to.have.property('POST /cart');
  });

  it('exports what a stage serves', async () => {
    await patch('/uri', uri('new.example.com'));
    const exported = async () => {
      const { body } = await gateway.v1.getExport({
        restApiId,
        stageName: 'prod',
        exportType: 'oas30',
        parameters: { extensions: 'integrations' },
      });
      const { paths } = JSON.parse(new TextDecoder().decode(body));
      return paths['/cart'].get['x-amazon-apigateway-integration'];
    };
    expect(await exported()).to.include({ type: 'http_proxy', uri: uri('old.example.com'), passthroughBehavior: 'when_no_match' });
    await deploy();
    expect((await exported()).uri).to.equal(uri('new.example.com'));
  });

  it('lets a stage go back to an earlier deployment, which then can not be deleted', async () => {
    const before = (await gateway.v1.getStage({ restApiId, stageName: 'prod' })).deploymentId;
    await patch('/uri', uri('new.example.com'));
    const { id = '' } = (await deploy()) ?? {};
    const patchOperations = [{ op: 'replace' as const, path: '/deploymentId', value: before }];
    await gateway.v1.updateStage({ restApiId, stageName: 'prod', patchOperations });
    expect(live()['GET /cart']?.uri).to.equal(uri('old.example.com'));
    expect((await errorOf(gateway.v1.deleteDeployment({ restApiId, deploymentId: before }))).name).to.equal('BadRequestException');
    await gateway.v1.deleteDeployment({ restApiId, deploymentId: id });
    expect((await gateway.v1.getDeployments({ restApiId })).items?.map((each) => each.id)).to.deep.equal([before]);
  });

  it('takes stage variables without a deployment', async () => {
    await patch('/uri', 'http://${stageVariables.backend}/cart');
    await deploy();
    const value = 'new.example.com';
    await gateway.v1.updateStage({ restApiId, stageName: 'prod', patchOperations: [{ op: 'replace', path: '/variables/backend', value }] });
    expect(live()['GET /cart']?.uri).to.equal(uri('new.example.com'));
    const spaced = { op: 'replace' as const, path: '/variables/backend', value: 'not allowed' };
    const refused = await errorOf(gateway.v1.updateStage({ restApiId, stageName: 'prod', patchOperations: [spaced] }));
    expect(refused.name).to.equal('BadRequestException');
  });

  it('refuses patches of unknown paths and operations, and addresses that are none', async () => {
    for (const [path, value, op] of [
      ['/nothing', 'x', 'replace'],
      ['/uri', uri('x.example.com'), 'add'],
      ['/uri', 'ftp://x.example.com', 'replace'],
      ['/uri', 'x.example.com', 'replace'],
      ['/connectionType', 'VPC_LINK', 'replace'],
    ] as const)
      expect((await errorOf(patch(path, value, op))).name, path).to.equal('BadRequestException');
    expect(api.resources[idOf('/cart')]?.methods.GET?.integration?.uri).to.equal(uri('old.example.com'));
  });

  it('goes through a VPC link of the first version, and with a target through one of the second', async () => {
    const { world } = gateway;
    const place = { world, region: REGION, at: world.clock };
    const balancer = addBalancer(world, 'cart', 'network');
    const { subnets } = defaultNetwork(world, REGION);
    const first = addLinkV1(place, 'cart', balancer.arn);
    const second = addLinkV2(place, 'vpc', { subnetIds: subnets.map(({ id }) => id), securityGroupIds: [] });
    const through = (connectionId: string, integrationTarget?: string) =>
      gateway.v1.updateIntegration({
        restApiId,
        resourceId: idOf('/cart'),
        httpMethod: 'GET',
        patchOperations: Object.entries({ connectionType: 'VPC_LINK', connectionId, integrationTarget }).flatMap(([name, value]) =>
          value === undefined ? [] : [{ op: 'replace' as const, path: `/${name}`, value }],
        ),
      });
    expect((await through(first.id)).connectionId).to.equal(first.id);
    expect((await errorOf(through('nolink'))).name).to.equal('BadRequestException');
    expect((await errorOf(through(second.id))).message).to.contain('target');
    expect((await through(second.id, listenerOf(world, balancer))).integrationTarget).to.equal(listenerOf(world, balancer));
    const elsewhere = addBalancer(world, 'cart', 'network', 'eu-central-1');
    expect((await errorOf(through(second.id, elsewhere.arn))).name).to.equal('BadRequestException');
  });

  it('answers 429 with the time to wait to a second deployment within five seconds', async () => {
    apiGatewayRegion(gateway.world.apigateway, REGION).buckets.CreateDeployment = { tokens: 0, at: Number.MAX_SAFE_INTEGER };
    const refused = await errorOf(gateway.v1.createDeployment({ restApiId, stageName: 'prod' }));
    expect(refused).to.include({ name: 'TooManyRequestsException', retryAfterSeconds: '5' });
  });

  it('keeps tags by ARN, on the API and on its stages', async () => {
    const resourceArn = `arn:aws:apigateway:${REGION}::/restapis/${restApiId}`;
    await gateway.v1.tagResource({ resourceArn, tags: { owner: 'shop' } });
    await gateway.v1.untagResource({ resourceArn, tagKeys: ['team'] });
    expect((await gateway.v1.getTags({ resourceArn })).tags).to.deep.equal({ owner: 'shop' });
    await gateway.v1.tagResource({ resourceArn: `${resourceArn}/stages/prod`, tags: { a: 'b' } });
    expect((await gateway.v1.getStage({ restApiId, stageName: 'prod' })).tags).to.deep.equal({ a: 'b' });
  });
});
