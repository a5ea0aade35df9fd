import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { networkInterfaces } from '../leftovers/ec2-things.ts';
import { leftoverDriver } from './cluster-leftover.ts';
import { onceUnused } from './once-unused.ts';

export const ec2NetworkInterface = leftoverDriver<Pick<Clients, 'ec2' | 'clock' | 'signal'>>({
  kind: 'ec2.network-interface',
  noun: 'network interface',
  permissions: { read: ['ec2:DescribeNetworkInterfaces'], write: ['ec2:DeleteNetworkInterface'] },
  find: async (clients, region, ids) => networkInterfaces(await clients.ec2(region), [{ Name: 'network-interface-id', Values: [...ids] }]),
  remove: async (clients, { region, id }) => {
    const ec2 = await clients.ec2(region);
    await onceUnused(clients, () =>
      unlessMissing(ec2.deleteNetworkInterface({ NetworkInterfaceId: id }), 'InvalidNetworkInterfaceID.NotFound'),
    );
  },
});
