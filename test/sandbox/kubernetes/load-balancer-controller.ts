import { awsLoadBalancerController } from '../../../sandbox/charts/aws-load-balancer-controller.ts';
import type { KubeObject } from '../../../sandbox/kubernetes/object.ts';
import { seedObjects } from '../../../sandbox/kubernetes/seed.ts';
import type { ClusterKey } from '../../../sandbox/kubernetes/state.ts';
import type { World } from '../../../sandbox/world.ts';

const name = 'aws-load-balancer-controller';

/** Has the load balancer controller of the chart in a cluster, with this role, from a while ago on; its own kinds of objects left out. */
export function seedLoadBalancerController(world: World, at: ClusterKey, roleArn: string, now: number): void {
  const role = world.iam.roles[roleArn.split('/').at(-1) ?? ''];
  if (role === undefined) throw new Error(`the world has no role ${roleArn}`);
  role.attached.push('arn:aws:iam::aws:policy/AdministratorAccess');
  const values = {
    clusterName: at.cluster,
    region: at.region,
    serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': roleArn } },
  };
  const rendered = awsLoadBalancerController.render(values, { name, namespace: 'kube-system', skipCrds: true, salt: name });
  const objects = rendered as unknown as KubeObject[];
  seedObjects(
    world,
    at,
    objects.filter(({ apiVersion }) => !apiVersion.startsWith('elbv2.')),
    'helm',
    now,
  );
}
