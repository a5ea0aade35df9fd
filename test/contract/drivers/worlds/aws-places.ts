import type { Aws } from '../../../../steps/clients/aws.ts';
import { RUN_TAG } from '../../../../steps/naming.ts';
import { unique } from '../../unique.ts';
import type { LawWorld } from '../world.ts';

/** A hosted zone of the run, made by AWS's own API. */
export async function newZone(aws: Pick<Aws, 'route53'>, run: string): ReturnType<LawWorld['newZone']> {
  const route53 = await aws.route53();
  const name = `${unique('law')}.example.com`;
  const { HostedZone } = await route53.createHostedZone({ Name: name, CallerReference: name });
  const zone = HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
  await route53.changeTagsForResource({ ResourceType: 'hostedzone', ResourceId: zone, AddTags: [{ Key: RUN_TAG, Value: run }] });
  return { zone, name };
}

export async function newRole(aws: Pick<Aws, 'iam'>): Promise<string> {
  const statement = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await (await aws.iam()).createRole({ RoleName: unique('law'), AssumeRolePolicyDocument: trust });
  return Role?.Arn ?? '';
}
