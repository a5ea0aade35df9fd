import type { Ec2 } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import { type Filters, type Found, found } from './found.ts';

const RUNNING = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };

/** Instances that are there, and are not on their way out. */
export async function instances(ec2: Ec2, filters: Filters): Promise<Found[]> {
  const all = await allPages(async (NextToken) => {
    const page = await ec2.describeInstances({ Filters: [...filters, RUNNING], NextToken });
    return [page.Reservations, page.NextToken];
  });
  return all.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId, Tags }) => found(InstanceId, Tags)));
}

export async function volumes(ec2: Ec2, filters: Filters): Promise<Found[]> {
  const all = await allPages(async (NextToken) => {
    const page = await ec2.describeVolumes({ Filters: [...filters], NextToken });
    return [page.Volumes, page.NextToken];
  });
  return all.flatMap(({ VolumeId, Tags }) => found(VolumeId, Tags));
}

export async function networkInterfaces(ec2: Ec2, filters: Filters): Promise<Found[]> {
  const all = await allPages(async (NextToken) => {
    const page = await ec2.describeNetworkInterfaces({ Filters: [...filters], NextToken });
    return [page.NetworkInterfaces, page.NextToken];
  });
  return all.flatMap(({ NetworkInterfaceId, TagSet, Description }) => found(NetworkInterfaceId, TagSet, Description));
}

export async function securityGroups(ec2: Ec2, filters: Filters): Promise<Found[]> {
  const all = await allPages(async (NextToken) => {
    const page = await ec2.describeSecurityGroups({ Filters: [...filters], NextToken });
    return [page.SecurityGroups, page.NextToken];
  });
  return all.flatMap(({ GroupId, Tags, GroupName }) => found(GroupId, Tags, GroupName));
}
