import type { Iam } from '../clients/aws.ts';
import type { JsonObject } from '../kit/json.ts';
import type { Owner } from '../kit/resource.ts';
import { decodeDocument } from '../resources/iam-document.ts';
import { iamOwner, tagsOf } from '../resources/iam-owner.ts';
import { unlessNoSuchEntity } from '../resources/iam-spread.ts';

/** A role of the account as IAM has it now. */
export interface RoleFacts {
  readonly trust: JsonObject;
  readonly owner: Owner;
}

/** The roles of these ARNs that are in the account, by ARN. One that IAM does not have, or has elsewhere, is null. */
export async function readRoles(iam: Iam, arns: readonly string[]): Promise<Map<string, RoleFacts | null>> {
  return new Map(await Promise.all([...new Set(arns)].map(async (arn) => [arn, await readRole(iam, arn)] as const)));
}

async function readRole(iam: Iam, arn: string): Promise<RoleFacts | null> {
  const name = roleName(arn);
  const role = (await unlessNoSuchEntity(iam.getRole({ RoleName: name })))?.Role;
  if (role?.Arn !== arn) return null;
  return { trust: decodeDocument(role.AssumeRolePolicyDocument), owner: iamOwner(tagsOf(role.Tags), `the role ${name}`) };
}

/** How many characters IAM lets a trust policy have in this account. */
export async function trustLimit(iam: Iam): Promise<number> {
  const { SummaryMap } = await iam.getAccountSummary({});
  return SummaryMap?.AssumeRolePolicySizeQuota ?? 2_048;
}

/** The name at the end of a role's ARN, without its path. */
export function roleName(arn: string): string {
  return arn.split('/').at(-1) ?? '';
}

export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}
