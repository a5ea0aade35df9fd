import type { Clients } from '../clients/clients.ts';
import { targetGroups } from '../leftovers/elb-things.ts';
import { leftoverDriver } from './cluster-leftover.ts';
import { onceUnused } from './once-unused.ts';

export const elbTargetGroup = leftoverDriver<Pick<Clients, 'elb' | 'clock' | 'signal'>>({
  kind: 'elb.target-group',
  noun: 'target group',
  permissions: {
    read: ['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTags'],
    write: ['elasticloadbalancing:DeleteTargetGroup'],
  },
  find: async (clients, region) => targetGroups(await clients.elb(region)),
  remove: async (clients, { region, id }) => {
    const elb = await clients.elb(region);
    // Deleting what is not there succeeds.
    await onceUnused(clients, () => elb.deleteTargetGroup({ TargetGroupArn: id }));
  },
});
