import { partitionOf } from '../clients/aws.ts';
import type { Json } from '../kit/json.ts';
import type { Resource } from '../kit/resource.ts';
import type { Run } from '../kit/run.ts';
import { shortened } from '../rendering/recovered-name.ts';
import { eksPodIdentityAssociation } from '../resources/eks-pod-identity-association.ts';
import { iamOidcProvider } from '../resources/iam-oidc-provider.ts';
import { podStatement } from '../workload-identity/pod-trust.ts';
import { madeRole, roleArnOf } from './made-role.ts';

/** A controller in the cluster that works with an IAM role. */
export interface Controller {
  /** What IAM names end in, after the cluster's: `karpenter`. */
  readonly what: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly identity: 'pod-identity' | 'irsa';
  /** A role prepared beforehand, used as it is. */
  readonly roleArn?: string | undefined;
  /** What it may do, each a managed policy. `part` makes their names unique; '' where there is one. */
  readonly policies: readonly { readonly part: string; readonly document: Json }[];
}

/** The cluster in which it runs. */
export interface ControllerPlace {
  readonly cluster: string;
  readonly region: string;
  readonly accountId: string;
  readonly oidcIssuer: string;
  readonly run: Pick<Run, 'id'>;
  readonly permissionsBoundary: string | undefined;
}

export interface ControllerRole {
  readonly roleArn: string;
  /** In waves. */
  readonly resources: readonly (readonly Resource[])[];
  /** What the service account must carry. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The role of a controller, with its policies, and what hands it to the controller's pods. A prepared role is only handed over. */
export function controllerRole(controller: Controller, place: ControllerPlace): ControllerRole {
  const { cluster, region, accountId, run } = place;
  const name = shortened(`${cluster}-${controller.what}`);
  const roleArn = controller.roleArn ?? roleArnOf(region, accountId, name);
  const association = eksPodIdentityAssociation.resource(
    { region, cluster, namespace: controller.namespace, serviceAccount: controller.serviceAccount },
    { roleArn, targetRoleArn: null, run: run.id },
  );
  const made = controller.roleArn === undefined ? rolesOf(controller, place, name) : [];
  const byAssociation = controller.identity === 'pod-identity';
  return {
    roleArn,
    resources: byAssociation ? [...made, [association]] : made,
    annotations: roleAnnotations(controller.identity, roleArn),
  };
}

/** What the service account of a controller must carry to come to its role. */
export function roleAnnotations(identity: Controller['identity'], roleArn: string): Readonly<Record<string, string>> {
  return identity === 'pod-identity' ? {} : { 'eks.amazonaws.com/role-arn': roleArn };
}

function rolesOf(controller: Controller, place: ControllerPlace, name: string): Resource[][] {
  const { cluster, oidcIssuer, run } = place;
  const { identity, what } = controller;
  const policies = controller.policies.map(({ part, document }) => ({ name: policyName(`${cluster}-${what}`, part), document }));
  const [first = [], ...later] = madeRole(
    { name, description: `The ${what} controller of ${cluster}`, trust: trustOf(controller, place), policies },
    { ...place, run: run.id },
  );
  const provider = identity === 'irsa' ? [iamOidcProvider.resource({ issuer: oidcIssuer }, { audiences: [STS], run: run.id })] : [];
  return [[...provider, ...first], ...later];
}

/** The name of a part of what a role may do. */
export function policyName(role: string, part: string): string {
  return shortened(part === '' ? role : `${role}-${part}`);
}

const STS = 'sts.amazonaws.com';

function trustOf({ identity, namespace, serviceAccount }: Controller, { region, accountId, oidcIssuer }: ControllerPlace): Json {
  const issuer = oidcIssuer.replace(/^https:\/\//, '');
  const account = {
    Effect: 'Allow',
    Principal: { Federated: `arn:${partitionOf(region)}:iam::${accountId}:oidc-provider/${issuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${issuer}:aud`]: STS, [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}` } },
  };
  return { Version: '2012-10-17', Statement: [identity === 'pod-identity' ? podStatement : account] };
}
