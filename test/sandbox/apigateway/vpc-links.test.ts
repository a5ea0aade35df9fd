import { expect } from 'chai';
import { addHttpApi, addLinkV2, addRestApi } from '../../../sandbox/apigateway/seed.ts';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { errorOf } from '../aws-sandbox.ts';
import { addBalancer, type Gateway, listenerOf, REGION, startGateway, until } from './gateway.ts';

const DAY = 24 * 3_600_000;

describe('sandbox: VPC links', () => {
  let gateway: Gateway;
  beforeEach(async () => {
    gateway = await startGateway(emptyWorld(), 1_000);
  });
  afterEach(() => gateway.running.stop());

  it('of the first version become AVAILABLE after minutes, or FAILED without their load balancer', async () => {
    const { arn } = addBalancer(gateway.world, 'cart', 'network');
    const { id: vpcLinkId, status } = await gateway.v1.createVpcLink({ name: 'cart', targetArns: [arn] });
    expect(status).to.equal('PENDING');
    const { id: lost } = await gateway.v1.createVpcLink({ name: 'lost', targetArns: [arn.replace('cart', 'none')] });
    await until(
      () => gateway.v1.getVpcLink({ vpcLinkId }),
      (link) => link.status === 'AVAILABLE',
    );
    await until(
      () => gateway.v1.getVpcLink({ vpcLinkId: lost }),
      (link) => link.status === 'FAILED',
    );
  });

  it('of the first version take one network load balancer, and only a new name or description later', async () => {
    const { arn } = addBalancer(gateway.world, 'cart', 'application');
    for (const targetArns of [[], [arn], [arn, arn]])
      expect((await errorOf(gateway.v1.createVpcLink({ name: 'cart', targetArns }))).name).to.equal('BadRequestException');
    const other = addBalancer(gateway.world, 'other', 'network').arn;
    const { id: vpcLinkId } = await gateway.v1.createVpcLink({ name: 'cart', targetArns: [other] });
    const change = (path: string) => gateway.v1.updateVpcLink({ vpcLinkId, patchOperations: [{ op: 'replace', path, value: 'x' }] });
    expect(await change('/name')).to.include({ name: 'x' });
    expect((await errorOf(change('/targetArns'))).name).to.equal('BadRequestException');
  });

  it('are not deleted while an integration or a deployed stage uses them', async () => {
    const { world } = gateway;
    const { arn } = addBalancer(world, 'cart', 'network');
    const { id: vpcLinkId = '' } = await gateway.v1.createVpcLink({ name: 'cart', targetArns: [arn] });
    const integration = { uri: 'http://cart.example.com', connectionType: 'VPC_LINK' as const, connectionId: vpcLinkId };
    const place = { world, region: REGION, at: world.clock };
    const api = addRestApi(place, { id: 'shop', name: 'shop', methods: { 'GET /': integration }, stages: { prod: {} } });
    expect((await errorOf(gateway.v1.deleteVpcLink({ vpcLinkId }))).message).to.contain(vpcLinkId);
    const root = api.resources[api.rootResourceId];
    if (root !== undefined) root.methods = {};
    expect((await errorOf(gateway.v1.deleteVpcLink({ vpcLinkId }))).message).to.contain('deployed stage');
    api.stages = {};
    await gateway.v1.deleteVpcLink({ vpcLinkId });
    await until(
      () => gateway.v1.getVpcLinks({}),
      ({ items = [] }) => items.length === 0,
    );
  });

  it('of the second version lead into subnets that exist and can be renamed alone', async () => {
    const { subnets } = defaultNetwork(gateway.world, REGION);
    const SubnetIds = subnets.map(({ id }) => id);
    const created = await gateway.v2.createVpcLink({ Name: 'vpc', SubnetIds, Tags: { a: 'b' } });
    expect(created).to.deep.include({ VpcLinkStatus: 'PENDING', VpcLinkVersion: 'V2', Tags: { a: 'b' } });
    const VpcLinkId = created.VpcLinkId ?? '';
    await until(
      () => gateway.v2.getVpcLink({ VpcLinkId }),
      (link) => link.VpcLinkStatus === 'AVAILABLE',
    );
    expect((await gateway.v2.updateVpcLink({ VpcLinkId, Name: 'new' })).Name).to.equal('new');
    const wrong = () => gateway.v2.createVpcLink({ Name: 'wrong', SubnetIds: ['subnet-00000000'] });
    await until(
      () => errorOf(wrong()),
      ({ name }) => name === 'BadRequestException',
    );
  });

  it('of the second version fall asleep after sixty days without traffic, and wake up with it', async () => {
    const { world } = gateway;
    const place = { world, region: REGION, at: world.clock };
    const link = addLinkV2(place, 'vpc', { subnetIds: defaultNetwork(world, REGION).subnets.map(({ id }) => id), securityGroupIds: [] });
    link.idleSince = gateway.running.sandbox.clock.now() - 61 * DAY;
    const status = async () => (await gateway.v2.getVpcLink({ VpcLinkId: link.id })).VpcLinkStatus;
    expect(await status()).to.equal('INACTIVE');
    const listener = listenerOf(world, addBalancer(world, 'checkout', 'application'));
    addHttpApi(place, {
      id: 'checkout',
      name: 'checkout',
      protocolType: 'HTTP',
      routes: { $default: { integrationUri: listener, connectionType: 'VPC_LINK', connectionId: link.id } },
      stage: { name: '$default', autoDeploy: true },
    });
    expect(await status()).to.equal('PENDING');
    await until(status, (now) => now === 'AVAILABLE');
  });
});
