import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ensureLoadBalancer } from '../../../sandbox/elb/load-balancers.ts';
import { elbRegion } from '../../../sandbox/elb/state.ts';
import type { Opened } from '../contract.ts';
import type { SandboxAws } from '../subjects/aws.ts';
import { makeNetwork } from '../subjects/network.ts';
import { unique } from '../unique.ts';
import type { Elb } from './subject.ts';

const REGION = 'eu-west-1';

/** The sandbox: load balancers are made as the controller of a cluster makes them. */
export async function openedInWorld({ subject: aws, close }: Opened<SandboxAws>): Promise<Opened<Elb>> {
  const network = await makeNetwork(aws);
  const make: Elb['make'] = async (tags = {}) => {
    const name = unique('edge');
    const { arn } = ensureLoadBalancer(aws.world, REGION, aws.now(), {
      cluster: 'shop',
      stackTag: 'service.k8s.aws/stack',
      stack: `default/${name}`,
      name,
      type: 'network',
      scheme: 'internal',
      targetType: 'ip',
      vpcId: network.vpcId,
      subnetIds: network.subnetIds,
      securityGroupIds: [],
      tags,
      listeners: [{ port: 443, protocol: 'TCP', targetPort: 8443, targets: ['10.0.0.9'] }],
    });
    const listener = Object.values(elbRegion(aws.world.elb, REGION).listeners).find((each) => each.loadBalancerArn === arn);
    return { name, arn, listenerArn: listener?.arn ?? '', targetGroupArn: listener?.targetGroupArn ?? '' };
  };
  return { subject: { ...aws, ...network, elb: new ElasticLoadBalancingV2Client(aws.config()), make }, close };
}
