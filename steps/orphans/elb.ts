import { findLeftovers } from '../leftovers/find-leftovers.ts';
import type { Search } from './search.ts';

export const elbSearch: Search = {
  system: 'Elastic Load Balancing',
  async search({ clients, cluster }) {
    const { region } = cluster;
    const { loadBalancers, targetGroups } = await findLeftovers(clients, cluster);
    const command = `aws elbv2 --region ${region}`;
    return [
      ...loadBalancers.map(({ id, name }) => ({
        what: `load balancer ${name}`,
        where: region,
        remove: `${command} delete-load-balancer --load-balancer-arn ${id}`,
      })),
      ...targetGroups.map(({ id, name }) => ({
        what: `target group ${name}`,
        where: region,
        remove: `${command} delete-target-group --target-group-arn ${id}`,
      })),
    ];
  },
};
