import type { Iam } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import type { Estate } from '../estate/estate.ts';
import { asEksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import type { Finding } from '../kit/step.ts';
import { decodeDocument, statementsOf } from '../resources/iam-document.ts';
import type { Check } from '../step.ts';
import { blockerFrom } from './from-error.ts';

/** A role that the estate says is there already, and who must be able to assume it. */
interface PreparedRole {
  readonly arn: string;
  readonly field: string;
  readonly service: string;
  readonly actions: readonly string[];
}

/** The roles that were prepared for controllers and nodes exist, and trust those who shall work with them. */
export const preparedRoles: Check = {
  id: 'prepared-roles',
  title: 'The roles prepared for add-ons exist and can be assumed',
  async run({ estate, clients }) {
    const roles = rolesOf(estate);
    if (roles.length === 0) return unknownIssuer(estate);
    const iam = await clients.iam();
    return [...unknownIssuer(estate), ...(await Promise.all(roles.map((role) => look(iam, role)))).flat()];
  },
};

function rolesOf({ addons }: Pick<Estate, 'addons'>): PreparedRole[] {
  const nodeRoleArn = addons.karpenter?.nodeRoleArn;
  const pods = controllers(addons).flatMap(({ field, roleArn, identity }): PreparedRole[] =>
    identity === 'irsa' ? [] : [{ arn: roleArn, field, service: 'pods.eks.amazonaws.com', actions: ['sts:AssumeRole', 'sts:TagSession'] }],
  );
  if (nodeRoleArn === undefined) return pods;
  const field = 'addons.karpenter.nodeRoleArn';
  return [...pods, { arn: nodeRoleArn, field, service: 'ec2.amazonaws.com', actions: ['sts:AssumeRole'] }];
}

/** The controllers with a prepared role. */
function controllers({ loadBalancerController, karpenter }: Estate['addons']) {
  return [
    { field: 'addons.loadBalancerController', settings: loadBalancerController },
    { field: 'addons.karpenter', settings: karpenter },
  ].flatMap(({ field, settings }) =>
    settings?.roleArn === undefined ? [] : [{ field: `${field}.roleArn`, roleArn: settings.roleArn, identity: settings.identity }],
  );
}

/** A trust policy for service accounts names the cluster's OIDC provider, which nobody knows before there is a cluster. */
function unknownIssuer({ addons }: Pick<Estate, 'addons'>): Finding[] {
  return controllers(addons)
    .filter(({ identity }) => identity === 'irsa')
    .map(({ field, roleArn }) => ({
      severity: 'blocker',
      message: `The role ${roleArn} can't be prepared for irsa: its trust policy would have to name the OIDC provider of a cluster that does not exist yet.`,
      evidence: field,
      remedy: 'Let the role trust pods.eks.amazonaws.com and choose identity: pod-identity; or leave the role out, so that one is made.',
    }));
}

async function look(iam: Iam, role: PreparedRole): Promise<Finding[]> {
  const { arn, field, service, actions } = role;
  const name = arn.split('/').at(-1) ?? '';
  const evidence = `${field}: iam:GetRole ${name}`;
  try {
    const found = (await unlessMissing(iam.getRole({ RoleName: name }), 'NoSuchEntityException', 'NoSuchEntity'))?.Role;
    if (found?.Arn !== arn) {
      const remedy = `Create the role now (eks-dr prepare; IAM may not be changeable on the night), or take ${field} out, so that one is made.`;
      return [{ severity: 'blocker', message: `The IAM role ${arn} does not exist.`, evidence, remedy }];
    }
    const allowed = actionsOf(decodeDocument(found.AssumeRolePolicyDocument), service);
    const missing = actions.filter((action) => !allowed.has(action) && !allowed.has('sts:*'));
    if (missing.length === 0) return [];
    const remedy = `Add to its trust policy: Allow ${actions.join(' and ')} to the service ${service}.`;
    return [{ severity: 'blocker', message: `The IAM role ${arn} does not let ${service} do ${missing.join(' and ')}.`, evidence, remedy }];
  } catch (thrown) {
    const error = asEksDrError(thrown);
    if (error.category !== 'permission') return [blockerFrom(thrown, evidence)];
    const message = `It could not be checked that the IAM role ${arn} exists and can be assumed.`;
    return [{ severity: 'warning', message, evidence: error.message, remedy: error.remedy }];
  }
}

/** What a trust policy allows a service to do; conditions are not looked at. In China, EC2 has a principal of its own. */
function actionsOf(trust: JsonObject, service: string): Set<string> {
  const statements = statementsOf(trust.Statement).filter(isJsonObject);
  const fitting = statements.filter(({ Effect, Principal }) => {
    const services = isJsonObject(Principal ?? null) ? textsOf((Principal as JsonObject).Service) : [];
    return Effect === 'Allow' && services.some((each) => each === service || each === `${service}.cn`);
  });
  return new Set(fitting.flatMap(({ Action }) => textsOf(Action)));
}

function textsOf(value: Json | undefined): string[] {
  return (Array.isArray(value) ? (value as readonly Json[]) : [value]).filter((item): item is string => typeof item === 'string');
}
