import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { expect } from 'chai';
import { liveHttp } from '../../../sandbox/apigateway/live.ts';
import { addDomain, addHttpApi, addLinkV2 } from '../../../sandbox/apigateway/seed.ts';
import { apiGatewayRegion, type HttpApi } from '../../../sandbox/apigateway/state.ts';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { grantAccessKey } from '../../../sandbox/iam/principals.ts';
import { clientConfig, errorOf } from '../aws-sandbox.ts';
import { addBalancer, type Gateway, listenerOf, REGION, startGateway, until } from './gateway.ts';

describe('sandbox: HTTP and WebSocket APIs', () => {
  let gateway: Gateway;
  const uri = (host: string): string => `http://${host}/cart`;

  function add(protocolType: HttpApi['protocolType'], autoDeploy: boolean): HttpApi {
    const { world } = gateway;
    const routes = { [protocolType === 'HTTP' ? 'GET /cart' : '$default']: { integrationUri: uri('old.example.com') } };
    return addHttpApi(
      { world, region: REGION, at: world.clock },
      { id: 'shop', name: 'shop', protocolType, routes, stage: { name: 'prod', autoDeploy } },
    );
  }

  async function change(IntegrationUri: string): Promise<void> {
    const { Items: [integration] = [] } = await gateway.v2.getIntegrations({ ApiId: 'shop' });
    await gateway.v2.updateIntegration({ ApiId: 'shop', IntegrationId: integration?.IntegrationId, IntegrationUri });
  }

  const live = ({ stages }: HttpApi, api: HttpApi) => Object.values(liveHttp(api, stages.prod ?? expect.fail()))[0]?.integrationUri;

  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway.running.stop());

  it('publish what was edited by themselves where the stage says so', async () => {
    const api = add('HTTP', true);
    await change(uri('new.example.com'));
    await until(
      () => gateway.v2.getStages({ ApiId: 'shop' }),
      () => live(api, api) === uri('new.example.com'),
    );
    const { Items = [] } = await gateway.v2.getDeployments({ ApiId: 'shop' });
    expect(Items.map(({ AutoDeployed }) => AutoDeployed)).to.deep.equal([true, true]);
    const refused = await errorOf(gateway.v2.createDeployment({ ApiId: 'shop', StageName: 'prod' }));
    expect(refused.name).to.equal('BadRequestException');
  });

  it('serve what was deployed until they are deployed again, and go back by the id of a deployment', async () => {
    const api = add('WEBSOCKET', false);
    const { DeploymentId } = await gateway.v2.getStage({ ApiId: 'shop', StageName: 'prod' });
    await change(uri('new.example.com'));
    expect(live(api, api)).to.equal(uri('old.example.com'));
    await gateway.v2.createDeployment({ ApiId: 'shop', StageName: 'prod' });
    expect(live(api, api)).to.equal(uri('new.example.com'));
    await gateway.v2.updateStage({ ApiId: 'shop', StageName: 'prod', DeploymentId });
    expect(live(api, api)).to.equal(uri('old.example.com'));
  });

  it('export what they say and what a stage serves; WebSocket APIs export nothing', async () => {
    add('HTTP', false);
    await change(uri('new.example.com'));
    const exported = async (StageName?: string) => {
      const { body } = await gateway.v2.exportApi({ ApiId: 'shop', Specification: 'OAS30', OutputType: 'JSON', StageName });
      return JSON.parse(new TextDecoder().decode(body)).paths['/cart'].get['x-amazon-apigateway-integration'].uri;
    };
    expect([await exported(), await exported('prod')]).to.deep.equal([uri('new.example.com'), uri('old.example.com')]);
    add('WEBSOCKET', false);
    expect((await errorOf(exported())).name).to.equal('BadRequestException');
  });

  it('reach listeners of their region through a VPC link, and nothing else', async () => {
    const { world } = gateway;
    add('HTTP', true);
    const { subnets } = defaultNetwork(world, REGION);
    const link = addLinkV2({ world, region: REGION, at: world.clock }, 'vpc', {
      subnetIds: subnets.map(({ id }) => id),
      securityGroupIds: [],
    });
    const { Items: [integration] = [] } = await gateway.v2.getIntegrations({ ApiId: 'shop' });
    const go = (IntegrationUri: string, ConnectionId = link.id) =>
      gateway.v2.updateIntegration({
        ApiId: 'shop',
        IntegrationId: integration?.IntegrationId,
        ConnectionType: 'VPC_LINK',
        ConnectionId,
        IntegrationUri,
      });
    const balancer = addBalancer(world, 'checkout', 'application');
    const away = addBalancer(world, 'checkout', 'application', 'eu-central-1');
    const listener = listenerOf(world, balancer);
    for (const target of [uri('x.example.com'), balancer.arn, listenerOf(world, away, 'eu-central-1')])
      expect((await errorOf(go(target))).name, target).to.equal('BadRequestException');
    expect((await errorOf(go(listener, 'nolink'))).name).to.equal('BadRequestException');
    expect(await go(listener)).to.include({ IntegrationUri: listener, ConnectionId: link.id });
  });

  it('tell where DNS has to point for a custom domain name, in both versions alike', async () => {
    const { world } = gateway;
    add('HTTP', true);
    const place = { world, region: REGION, at: world.clock };
    const domain = addDomain(place, 'api.example.com', { '': { apiId: 'shop', stage: 'prod' } });
    const first = await gateway.v1.getDomainName({ domainName: domain.name });
    const second = await gateway.v2.getDomainName({ DomainName: domain.name });
    expect(first).to.include({ regionalDomainName: domain.targetName, regionalHostedZoneId: domain.targetZoneId });
    expect(second.DomainNameConfigurations?.[0]).to.include({ ApiGatewayDomainName: domain.targetName, HostedZoneId: domain.targetZoneId });
    const mappings = await gateway.v1.getBasePathMappings({ domainName: domain.name });
    expect(mappings.items).to.deep.equal([{ basePath: '(none)', restApiId: 'shop', stage: 'prod' }]);
    expect((await gateway.v2.getApiMappings({ DomainName: domain.name })).Items).to.have.length(1);
  });

  it('are reached under a custom domain name that a client makes and maps, and takes away again', async () => {
    add('WEBSOCKET', false);
    const { v2 } = gateway;
    const DomainName = 'ws.example.com';
    const certificate = (region: string) => `arn:aws:acm:${region}:${gateway.world.accountId}:certificate/1`;
    const make = (CertificateArn: string, EndpointType: 'REGIONAL' | 'EDGE') => {
      // Its quota of one in half a minute is not what this is about.
      delete apiGatewayRegion(gateway.world.apigateway, REGION).buckets.CreateDomainName;
      return v2.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn, EndpointType }] });
    };
    expect((await errorOf(make(certificate('us-east-1'), 'REGIONAL'))).name).to.equal('BadRequestException');
    expect((await errorOf(make(certificate(REGION), 'EDGE'))).name).to.equal('BadRequestException');
    await make(certificate(REGION), 'REGIONAL');
    expect((await errorOf(make(certificate(REGION), 'REGIONAL'))).message).to.contain('already exists');
    expect((await errorOf(v2.createApiMapping({ DomainName, ApiId: 'shop', Stage: 'nothing' }))).name).to.equal('BadRequestException');
    await v2.createApiMapping({ DomainName, ApiId: 'shop', Stage: 'prod' });
    expect((await v2.getApiMappings({ DomainName })).Items).to.have.length(1);
    await v2.deleteDomainName({ DomainName });
    expect((await errorOf(v2.getDomainName({ DomainName }))).name).to.equal('NotFoundException');
  });

  it('count the requests of both versions together', async () => {
    // One request is left, and time brings none back.
    apiGatewayRegion(gateway.world.apigateway, REGION).buckets.all = { tokens: 1, at: Number.MAX_SAFE_INTEGER };
    await gateway.v1.getRestApis({});
    expect((await errorOf(gateway.v2.getApis({}))).name).to.equal('TooManyRequestsException');
  });

  it('are allowed by the methods of HTTP, as IAM calls the actions', async () => {
    const key = { accessKeyId: 'AKIAREADER0000000000', secret: 'a secret of a reader' };
    const principal = `arn:aws:iam::${gateway.world.accountId}:user/reader`;
    grantAccessKey(gateway.world, { ...key, principal, allow: ['apigateway:GET'] });
    const credentials = { accessKeyId: key.accessKeyId, secretAccessKey: key.secret };
    const reader = new ApiGatewayV2(clientConfig(gateway.running, { credentials }));
    add('HTTP', false);
    expect((await reader.getApi({ ApiId: 'shop' })).Name).to.equal('shop');
    const refused = await errorOf(reader.createDeployment({ ApiId: 'shop' }));
    expect(refused.name).to.equal('AccessDeniedException');
    expect(refused.message).to.contain('apigateway:POST');
  });
});
