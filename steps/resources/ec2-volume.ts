import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { volumes } from '../leftovers/ec2-things.ts';
import { leftoverDriver } from './cluster-leftover.ts';
import { onceUnused } from './once-unused.ts';

export const ec2Volume = leftoverDriver<Pick<Clients, 'ec2' | 'clock' | 'signal'>>({
  kind: 'ec2.volume',
  noun: 'EBS volume (with its data)',
  permissions: { read: ['ec2:DescribeVolumes'], write: ['ec2:DeleteVolume'] },
  find: async (clients, region, ids) => volumes(await clients.ec2(region), [{ Name: 'volume-id', Values: [...ids] }]),
  remove: async (clients, { region, id }) => {
    const ec2 = await clients.ec2(region);
    await onceUnused(clients, () => unlessMissing(ec2.deleteVolume({ VolumeId: id }), 'InvalidVolume.NotFound'));
  },
});
