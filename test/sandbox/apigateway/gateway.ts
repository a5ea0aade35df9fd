import { APIGateway } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { apigateway } from '../../../sandbox/apigateway/system.ts';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { ensureLoadBalancer } from '../../../sandbox/elb/load-balancers.ts';
import { elbRegion, type LoadBalancer, type LoadBalancerType } from '../../../sandbox/elb/state.ts';
import { elb } from '../../../sandbox/elb/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { type RunningSandbox, startSandbox } from '../../../sandbox/server.ts';
import type { World } from '../../../sandbox/world.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { clientConfig } from '../aws-sandbox.ts';

export const REGION = 'eu-west-1';

/** A load balancer with a listener on port 80 in the default VPC. */
export function addBalancer(world: World, name: string, type: LoadBalancerType, region = REGION): LoadBalancer {
  const network = defaultNetwork(world, region);
  return ensureLoadBalancer(world, region, world.clock, {
    cluster: 'shop',
    stackTag: 'service.k8s.aws/stack',
    stack: `shop/${name}`,
    name,
    type,
    scheme: 'internet-facing',
    targetType: 'ip',
    vpcId: network.vpc.id,
    subnetIds: network.subnets.map(({ id }) => id),
    securityGroupIds: [],
    tags: {},
    listeners: [{ port: 80, protocol: type === 'network' ? 'TCP' : 'HTTP', targetPort: 8080, targets: [] }],
  });
}

export function listenerOf(world: World, { arn }: LoadBalancer, region = REGION): string {
  return Object.values(elbRegion(world.elb, region).listeners).find(({ loadBalancerArn }) => loadBalancerArn === arn)?.arn ?? '';
}

export interface Gateway {
  readonly running: RunningSandbox;
  readonly world: World;
  readonly v1: APIGateway;
  readonly v2: ApiGatewayV2;
}

/** API Gateway over a world, as the SDK sees it; no retries. A thousand times as fast, so that a quota of seconds is one of milliseconds. */
export async function startGateway(world: World = emptyWorld(), scale = 1_000): Promise<Gateway> {
  const running = await startSandbox({ world, scale, systems: [iam, ec2, elb, apigateway] });
  const config = clientConfig(running);
  return { running, world: running.sandbox.world, v1: new APIGateway(config), v2: new ApiGatewayV2(config) };
}

/** Asks until the answer is as wanted; the test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
