import { partitionOf } from '../clients/aws.ts';
import type { Json } from '../kit/json.ts';
import type { Resource } from '../kit/resource.ts';
import { iamPolicy } from '../resources/iam-policy.ts';
import { iamRole } from '../resources/iam-role.ts';
import { iamRolePolicy } from '../resources/iam-role-policy.ts';

/** An IAM role of ours, and what it may do. */
export interface RoleToMake {
  readonly name: string;
  readonly description: string;
  /** The trust policy: who may assume it. */
  readonly trust: Json;
  /** Managed policies that are made with it. */
  readonly policies?: readonly { readonly name: string; readonly document: Json }[];
  /** Names of policies that AWS manages. */
  readonly awsPolicies?: readonly string[];
}

export interface AccountPlace {
  readonly region: string;
  readonly accountId: string;
  /** The run that it belongs to. */
  readonly run: string;
  readonly permissionsBoundary: string | undefined;
}

/** In waves: the role and its policies, then what attaches them. */
export function madeRole(role: RoleToMake, { region, accountId, run, ...place }: AccountPlace): Resource[][] {
  const { name, description, trust, policies = [], awsPolicies = [] } = role;
  const partition = partitionOf(region);
  const permissionsBoundary = place.permissionsBoundary ?? null;
  const arns = [
    ...policies.map((policy) => `arn:${partition}:iam::${accountId}:policy/${policy.name}`),
    ...awsPolicies.map((policy) => `arn:${partition}:iam::aws:policy/${policy}`),
  ];
  return [
    [
      ...policies.map((policy) => iamPolicy.resource({ name: policy.name }, { path: '/', description, document: policy.document, run })),
      iamRole.resource({ name }, { path: '/', description, trust, maxSessionSeconds: 3600, permissionsBoundary, run }),
    ],
    arns.map((policyArn) => iamRolePolicy.resource({ role: name, policyArn }, { attached: true })),
  ];
}

export function roleArnOf(region: string, accountId: string, name: string): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:role/${name}`;
}
