import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Opened } from '../contract.ts';
import type { Aws } from '../subjects/aws.ts';
import { makeNetwork } from '../subjects/network.ts';
import { unique } from '../unique.ts';
import type { Elb } from './subject.ts';

/** A referee: load balancers are made by the calls of a controller. */
export async function openedByApi({ subject: aws, close }: Opened<Aws>): Promise<Opened<Elb>> {
  const elb = new ElasticLoadBalancingV2Client(aws.config());
  const network = await makeNetwork(aws);
  const all: { readonly arn: string; readonly targetGroupArn: string }[] = [];
  const make: Elb['make'] = async (tags = {}) => {
    const Name = unique('edge');
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const made = await elb.send(
      new CreateLoadBalancerCommand({
        Name,
        Type: 'network',
        Scheme: 'internal',
        Subnets: [...network.subnetIds],
        ...(Tags.length > 0 ? { Tags } : {}),
      }),
    );
    const target = { Name: unique('targets'), Protocol: 'TCP', Port: 8443, TargetType: 'ip', VpcId: network.vpcId } as const;
    const { TargetGroups } = await elb.send(new CreateTargetGroupCommand(target));
    const arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '10.0.0.9', Port: 8443 }] }));
    const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn }];
    const listener = { LoadBalancerArn: arn, Port: 443, Protocol: 'TCP' as const, DefaultActions };
    const { Listeners } = await elb.send(new CreateListenerCommand(listener));
    all.push({ arn, targetGroupArn: TargetGroupArn });
    return { name: Name, arn, listenerArn: Listeners?.[0]?.ListenerArn ?? '', targetGroupArn: TargetGroupArn };
  };
  return {
    subject: { ...aws, ...network, elb, make },
    // Referees outlive a test.
    close: async () => {
      for (const { arn, targetGroupArn } of all) {
        await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn })).catch(() => undefined);
        await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: targetGroupArn })).catch(() => undefined);
      }
      await close();
    },
  };
}
