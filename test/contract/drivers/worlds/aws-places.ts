import type { Aws } from '../../../../steps/clients/aws.ts';
import type { Clients } from '../../../../steps/clients/clients.ts';
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

/** IAM shows a new role to other services only after a while. */
const SPREAD_SECONDS = 30;

/** A role that other services know by now. */
export async function newRole(clients: Pick<Clients, 'iam' | 'clock' | 'signal'>): Promise<string> {
  const statement = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await (await clients.iam()).createRole({ RoleName: unique('law'), AssumeRolePolicyDocument: trust });
  await clients.clock.sleep(SPREAD_SECONDS, clients.signal);
  return Role?.Arn ?? '';
}
