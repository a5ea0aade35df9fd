import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { launchTemplatesNamed } from '../leftovers/ec2-things.ts';
import { leftoverDriver } from './cluster-leftover.ts';

export const ec2LaunchTemplate = leftoverDriver<Pick<Clients, 'ec2'>>({
  kind: 'ec2.launch-template',
  noun: 'launch template',
  permissions: { read: ['ec2:DescribeLaunchTemplates'], write: ['ec2:DeleteLaunchTemplate'] },
  find: async (clients, region, ids) => launchTemplatesNamed(await clients.ec2(region), ids),
  remove: async (clients, { region, id }) => {
    const ec2 = await clients.ec2(region);
    await unlessMissing(ec2.deleteLaunchTemplate({ LaunchTemplateId: id }), 'InvalidLaunchTemplateId.NotFound');
  },
});
