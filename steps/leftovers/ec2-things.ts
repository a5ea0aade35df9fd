import type { Ec2 } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
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

export async function launchTemplates(ec2: Ec2, filters: Filters): Promise<Found[]> {
  const all = await allPages(async (NextToken) => {
    const page = await ec2.describeLaunchTemplates({ Filters: [...filters], NextToken });
    return [page.LaunchTemplates, page.NextToken];
  });
  return all.flatMap(({ LaunchTemplateId, Tags, LaunchTemplateName }) => found(LaunchTemplateId, Tags, LaunchTemplateName));
}

/** Of these ids, those that are there: one that is not would answer for all of them, and there is no filter by id. */
export async function launchTemplatesNamed(ec2: Ec2, ids: readonly string[]): Promise<Found[]> {
  const answers = await Promise.all(
    ids.map((id) => unlessMissing(ec2.describeLaunchTemplates({ LaunchTemplateIds: [id] }), 'InvalidLaunchTemplateId.NotFound')),
  );
  return answers.flatMap((answer) =>
    (answer?.LaunchTemplates ?? []).flatMap(({ LaunchTemplateId, Tags, LaunchTemplateName }) =>
      found(LaunchTemplateId, Tags, LaunchTemplateName),
    ),
  );
}
