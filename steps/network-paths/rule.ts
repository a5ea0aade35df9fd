import type { SecurityGroupRule } from '@aws-sdk/client-ec2';

/** Whom a rule names: the id of a security group or prefix list, or a range. */
export function peerOf(rule: SecurityGroupRule): string {
  return rule.ReferencedGroupInfo?.GroupId ?? rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? '';
}
