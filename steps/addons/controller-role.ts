import { partitionOf } from '../clients/aws.ts';
import type { Json } from '../kit/json.ts';
import type { Resource } from '../kit/resource.ts';
import type { Run } from '../kit/run.ts';
import { shortened } from '../rendering/recovered-name.ts';
import { eksPodIdentityAssociation } from '../resources/eks-pod-identity-association.ts';
import { iamOidcProvider } from '../resources/iam-oidc-provider.ts';
import { iamPolicy } from '../resources/iam-policy.ts';
import { iamRole } from '../resources/iam-role.ts';
import { iamRolePolicy } from '../resources/iam-role-policy.ts';

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
  const made = controller.roleArn === undefined ? madeRole(controller, place, name) : [];
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

export function roleArnOf(region: string, accountId: string, name: string): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:role/${name}`;
}

function madeRole(controller: Controller, place: ControllerPlace, name: string): Resource[][] {
  const { cluster, region, accountId, oidcIssuer, run, permissionsBoundary } = place;
  const description = `The ${controller.what} controller of ${cluster}`;
  const policies = controller.policies.map(({ part, document }) => ({
    name: shortened(part === '' ? name : `${cluster}-${controller.what}-${part}`),
    document,
  }));
  const provider =
    controller.identity === 'irsa' ? [iamOidcProvider.resource({ issuer: oidcIssuer }, { audiences: [STS], run: run.id })] : [];
  return [
    [
      ...provider,
      ...policies.map((policy) =>
        iamPolicy.resource({ name: policy.name }, { path: '/', description, document: policy.document, run: run.id }),
      ),
      iamRole.resource(
        { name },
        {
          path: '/',
          description,
          trust: trustOf(controller, place),
          maxSessionSeconds: 3600,
          permissionsBoundary: permissionsBoundary ?? null,
          run: run.id,
        },
      ),
    ],
    policies.map((policy) => {
      const policyArn = `arn:${partitionOf(region)}:iam::${accountId}:policy/${policy.name}`;
      return iamRolePolicy.resource({ role: name, policyArn }, { attached: true });
    }),
  ];
}

const STS = 'sts.amazonaws.com';

function trustOf({ identity, namespace, serviceAccount }: Controller, { region, accountId, oidcIssuer }: ControllerPlace): Json {
  const pods = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
  const issuer = oidcIssuer.replace(/^https:\/\//, '');
  const account = {
    Effect: 'Allow',
    Principal: { Federated: `arn:${partitionOf(region)}:iam::${accountId}:oidc-provider/${issuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${issuer}:aud`]: STS, [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}` } },
  };
  return { Version: '2012-10-17', Statement: [identity === 'pod-identity' ? pods : account] };
}
