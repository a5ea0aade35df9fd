import { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { launchInstance, terminateInstance } from '../../../sandbox/ec2/instances.ts';
import { ensureLaunchTemplate } from '../../../sandbox/ec2/launch-templates.ts';
import { defaultNetwork, ec2Region } from '../../../sandbox/ec2/network.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

const REGION = 'eu-west-1';
const [VOLUME, INTERFACE, GROUP] = ['vol-0123456789abcdef0', 'eni-0123456789abcdef0', 'sg-0123456789abcdef0'];

describe('sandbox: what controllers leave in EC2', () => {
  let running: RunningSandbox;
  let client: EC2;
  let instanceId: string;
  beforeEach(async () => {
    running = await startAwsSandbox();
    client = new EC2(clientConfig(running));
    const { world, clock } = running.sandbox;
    const region = ec2Region(world, REGION);
    const { vpc, subnets } = defaultNetwork(world, REGION);
    const tags = { left: 'yes' };
    instanceId = launchInstance(world, REGION, { type: 'm7i.large', zone: `${REGION}a`, vpcId: vpc.id, tags }, clock.now()).id;
    region.volumes[VOLUME] = { id: VOLUME, zone: `${REGION}a`, sizeGib: 8, instanceId, tags };
    region.securityGroups[GROUP] = { id: GROUP, vpcId: vpc.id, name: 'left', description: 'left', rules: [], tags };
    const place = { vpcId: vpc.id, subnetId: subnets[0]?.id ?? '', securityGroupIds: [GROUP] };
    region.networkInterfaces[INTERFACE] = { id: INTERFACE, description: 'left', ...place, instanceId, tags };
  });
  afterEach(() => running.stop());

  async function states(): Promise<(string | undefined)[]> {
    const Filters = [{ Name: 'tag:left', Values: ['yes'] }];
    const { Volumes = [] } = await client.describeVolumes({ Filters });
    const { NetworkInterfaces = [] } = await client.describeNetworkInterfaces({ Filters });
    return [...Volumes.map(({ State }) => State), ...NetworkInterfaces.map(({ Status }) => Status)];
  }
  const refused = async (answer: Promise<unknown>): Promise<string> => (await errorOf(answer)).name;

  it('is not deleted while an instance uses it, nor a security group that an interface is in', async () => {
    expect(await states()).to.deep.equal(['in-use', 'in-use']);
    expect(await refused(client.deleteVolume({ VolumeId: VOLUME }))).to.equal('VolumeInUse');
    expect(await refused(client.deleteNetworkInterface({ NetworkInterfaceId: INTERFACE }))).to.equal('InvalidParameterValue');
    expect(await refused(client.deleteSecurityGroup({ GroupId: GROUP }))).to.equal('DependencyViolation');
  });

  it('is a launch template, found by its tags, deleted by its id or its name, once', async () => {
    const { world, clock } = running.sandbox;
    for (const name of ['a', 'b']) ensureLaunchTemplate(world, REGION, { left: 'yes', name }, clock.now());
    const Filters = [{ Name: 'tag:left', Values: ['yes'] }];
    const { LaunchTemplates: [first, second] = [] } = await client.describeLaunchTemplates({ Filters });
    expect([first?.Tags, second?.LaunchTemplateName?.startsWith('karpenter.k8s.aws/')]).to.deep.equal([
      [
        { Key: 'left', Value: 'yes' },
        { Key: 'name', Value: 'a' },
      ],
      true,
    ]);
    await client.deleteLaunchTemplate({ LaunchTemplateId: first?.LaunchTemplateId });
    await client.deleteLaunchTemplate({ LaunchTemplateName: second?.LaunchTemplateName });
    expect((await client.describeLaunchTemplates({ Filters })).LaunchTemplates).to.deep.equal([]);
    const { LaunchTemplateId = '' } = first ?? {};
    expect(await refused(client.deleteLaunchTemplate({ LaunchTemplateId }))).to.equal('InvalidLaunchTemplateId.NotFound');
    expect(await refused(client.describeLaunchTemplates({ LaunchTemplateIds: [LaunchTemplateId] }))).to.equal(
      'InvalidLaunchTemplateId.NotFound',
    );
    expect(await refused(client.deleteLaunchTemplate({}))).to.equal('MissingParameter');
  });

  it('comes free when its instance is terminated, and is deleted once', async () => {
    const { world, clock } = running.sandbox;
    terminateInstance(world, REGION, instanceId, clock.now() - 40_000);
    expect(await states()).to.deep.equal(['available', 'available']);
    await client.deleteVolume({ VolumeId: VOLUME });
    await client.deleteNetworkInterface({ NetworkInterfaceId: INTERFACE });
    await client.deleteSecurityGroup({ GroupId: GROUP });
    expect(await states()).to.deep.equal([]);
    expect(await refused(client.deleteVolume({ VolumeId: VOLUME }))).to.equal('InvalidVolume.NotFound');
    expect(await refused(client.deleteNetworkInterface({ NetworkInterfaceId: INTERFACE }))).to.equal('InvalidNetworkInterfaceID.NotFound');
  });
});
