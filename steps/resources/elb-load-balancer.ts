import type { Clients } from '../clients/clients.ts';
import { loadBalancers } from '../leftovers/elb-things.ts';
import { leftoverDriver } from './cluster-leftover.ts';

export const elbLoadBalancer = leftoverDriver<Pick<Clients, 'elb'>>({
  kind: 'elb.load-balancer',
  noun: 'load balancer',
  permissions: {
    read: ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTags'],
    write: ['elasticloadbalancing:DeleteLoadBalancer'],
  },
  find: async (clients, region) => loadBalancers(await clients.elb(region)),
  // Deleting what is not there succeeds.
  remove: async (clients, { region, id }) => (await clients.elb(region)).deleteLoadBalancer({ LoadBalancerArn: id }),
});
