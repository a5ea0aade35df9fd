import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { instances } from '../leftovers/ec2-things.ts';
import { leftoverDriver } from './cluster-leftover.ts';

export const ec2Instance = leftoverDriver<Pick<Clients, 'ec2'>>({
  kind: 'ec2.instance',
  noun: 'EC2 instance',
  permissions: { read: ['ec2:DescribeInstances'], write: ['ec2:TerminateInstances'] },
  find: async (clients, region, ids) => instances(await clients.ec2(region), [{ Name: 'instance-id', Values: [...ids] }]),
  remove: async (clients, { region, id }) => {
    const ec2 = await clients.ec2(region);
    await unlessMissing(ec2.terminateInstances({ InstanceIds: [id] }), 'InvalidInstanceID.NotFound');
  },
});
