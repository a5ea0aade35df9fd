import { DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { launchInstance } from '../../../sandbox/ec2/instances.ts';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import type { Instance } from '../../../sandbox/ec2/state.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

const REGION = 'eu-west-1';

describe('sandbox: EC2 instances', () => {
  let running: RunningSandbox;
  let client: EC2Client;
  let one: Instance;
  let two: Instance;
  beforeEach(async () => {
    running = await startAwsSandbox();
    client = new EC2Client(clientConfig(running));
    one = launch({ 'karpenter.sh/nodepool': 'default' });
    two = launch({ 'karpenter.sh/nodepool': 'other' });
  });
  afterEach(() => running.stop());

  function launch(tags: Record<string, string>): Instance {
    const { world, clock } = running.sandbox;
    const wish = { type: 'm7i.2xlarge', zone: `${REGION}a`, vpcId: defaultNetwork(world, REGION).vpc.id, tags };
    return launchInstance(world, REGION, wish, clock.now());
  }
  /** `id state` of each. */
  async function shown(input: ConstructorParameters<typeof DescribeInstancesCommand>[0] = {}): Promise<string[]> {
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand(input));
    return Reservations.flatMap(({ Instances = [] }) =>
      Instances.map(({ InstanceId, State }) => `${InstanceId} ${State?.Name}`),
    ).toSorted();
  }
  const both = (first: string, second: string): string[] => [`${one.id} ${first}`, `${two.id} ${second}`].toSorted();
  /** As if it had been terminated so long ago (ms of sandbox time). */
  const terminated = (instance: Instance, ago: number): void => {
    instance.terminatedAt = running.sandbox.clock.now() - ago;
  };

  it('are shown with their type, place and tags', async () => {
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: [one.id] }));
    const [instance] = Reservations[0]?.Instances ?? [];
    expect(instance).to.include({ InstanceId: one.id, InstanceType: 'm7i.2xlarge', VpcId: one.vpcId });
    expect(instance?.Placement?.AvailabilityZone).to.equal('eu-west-1a');
    expect(instance?.Tags).to.deep.equal([{ Key: 'karpenter.sh/nodepool', Value: 'default' }]);
    expect(await shown()).to.deep.equal(both('running', 'running'));
  });

  it('are found by tag and by state', async () => {
    expect(await shown({ Filters: [{ Name: 'tag:karpenter.sh/nodepool', Values: ['other'] }] })).to.deep.equal([`${two.id} running`]);
    terminated(one, 40_000);
    expect(await shown({ Filters: [{ Name: 'instance-state-name', Values: ['terminated'] }] })).to.deep.equal([`${one.id} terminated`]);
    expect((await errorOf(shown({ Filters: [{ Name: 'instance-mood', Values: ['good'] }] }))).name).to.equal('InvalidParameterValue');
    expect((await errorOf(shown({ InstanceIds: ['i-0123456789abcdef0'] }))).name).to.equal('InvalidInstanceID.NotFound');
  });

  it('shut down before they are terminated, and are shown for an hour after that', async () => {
    const { TerminatingInstances = [] } = await client.send(new TerminateInstancesCommand({ InstanceIds: [one.id] }));
    expect(TerminatingInstances.map(({ PreviousState, CurrentState }) => [PreviousState?.Name, CurrentState?.Name])).to.deep.equal([
      ['running', 'shutting-down'],
    ]);
    terminated(one, 40_000);
    expect(await shown()).to.deep.equal(both('terminated', 'running'));
    const again = await client.send(new TerminateInstancesCommand({ InstanceIds: [one.id] }));
    expect(again.TerminatingInstances?.[0]?.CurrentState?.Name).to.equal('terminated');
    terminated(one, 3_700_000);
    expect(await shown()).to.deep.equal([`${two.id} running`]);
  });
});
