import { globalRegion, partitionOf } from '../clients/aws.ts';
import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Run } from '../kit/run.ts';
import type { Finding } from '../kit/step.ts';
import { recoveryClusterName } from '../naming.ts';
import { type Decision, decide } from './decide.ts';
import { accountOf, readRoles } from './role-facts.ts';
import { wantedAccounts } from './wanted-accounts.ts';

type NamedFinding = Finding & { readonly check: string };

/** Default quotas; both can be raised, so reaching one is a warning. */
const MOST_ASSOCIATIONS = 1_000;
const MOST_PROVIDERS = 100;
const ROLES_LEFT = 10;

/**
 * What stands in the way of the service accounts' roles, judged as for a recovery, in drills too: they are the time to prepare roles.
 * The new cluster is not there yet; its issuer is as long as any.
 */
export async function workloadIdentityFindings(of: {
  readonly estate: Pick<Estate, 'name' | 'targets' | 'workloadIdentity' | 'addons'>;
  readonly run: Pick<Run, 'id' | 'target'>;
  readonly clients: Pick<Clients, 'iam'>;
  readonly inventory: Pick<Inventory, 'identities'>;
}): Promise<NamedFinding[]> {
  const { estate, run, clients, inventory } = of;
  const target = estate.targets[run.target];
  const accounts = wantedAccounts(inventory.identities, estate);
  if (target === undefined || accounts.length + rolesToMake(estate.addons).length === 0) return [];
  const { region, accountId } = target;
  const iam = await clients.iam();
  const own = accounts.map(({ roleArn }) => roleArn).filter((arn) => accountOf(arn) === accountId);
  const [roles, { SummaryMap: summary = {} }, { OpenIDConnectProviderList: providers = [] }] = await Promise.all([
    readRoles(iam, own),
    iam.getAccountSummary({}),
    iam.listOpenIDConnectProviders({}),
  ]);
  const oidcIssuer = `https://oidc.eks.${region}.amazonaws.com/id/${'0'.repeat(32)}`;
  const cluster = { cluster: recoveryClusterName(estate, run), region, accountId, partition: partitionOf(region), oidcIssuer };
  const trustLimit = summary.AssumeRolePolicySizeQuota ?? 2_048;
  const decision = decide(accounts, { cluster, roles, trustLimit, run: { id: run.id, mode: 'recover' } });
  return [
    ...decision.without.map(({ namespace, serviceAccount, roleArn, reason, remedy }) =>
      warning('workload-roles', `${namespace}/${serviceAccount} would stay without its IAM role: ${reason}.`, roleArn, remedy),
    ),
    ...dependence(decision, estate.addons, region),
    ...quotas(decision, { providers: providers.length, roles: summary.Roles ?? 0, rolesQuota: summary.RolesQuota ?? 1_000 }),
  ];
}

/** What must be written on the night: by a control plane that may be what is down. */
function dependence({ statements }: Decision, addons: Estate['addons'], region: string): NamedFinding[] {
  const names = [...new Set(statements.map(({ role }) => role))];
  const unprepared = rolesToMake(addons);
  if (names.length + unprepared.length === 0) return [];
  const writes = [
    ...(names.length === 0 ? [] : [`the trust policies of ${names.length} ${names.length === 1 ? 'role' : 'roles'} (${names.join(', ')})`]),
    ...(unprepared.length === 0 ? [] : [`roles for ${unprepared.join(', ')}`]),
  ];
  const message = `A recovery would write to IAM, whose control plane is in ${globalRegion(region)} alone: ${writes.join('; ')}.`;
  const remedy = 'Run eks-dr prepare, which makes now what goes by pod identity, and put the lines that it prints into the estate.';
  return [warning('iam-writes', message, 'iam:GetRole', remedy)];
}

/** For whom a recovery makes a role because the estate names none. */
function rolesToMake({ loadBalancerController, karpenter }: Estate['addons']): string[] {
  return [
    ...(loadBalancerController !== undefined && loadBalancerController.roleArn === undefined ? ['the load balancer controller'] : []),
    ...(karpenter !== undefined && karpenter.roleArn === undefined ? ['Karpenter'] : []),
    ...(karpenter !== undefined && karpenter.nodeRoleArn === undefined ? ["Karpenter's nodes"] : []),
  ];
}

function quotas(
  { associations, trusted }: Decision,
  found: { readonly providers: number; readonly roles: number; readonly rolesQuota: number },
): NamedFinding[] {
  const findings: NamedFinding[] = [];
  if (associations.length > MOST_ASSOCIATIONS) {
    const message = `${associations.length} service accounts shall have pod identity associations; a cluster takes ${MOST_ASSOCIATIONS} unless raised.`;
    const remedy = 'Have the EKS quota "EKS Pod Identity associations per cluster" raised in the recovery region, or exclude accounts.';
    findings.push(warning('association-quota', message, 'the inventory', remedy));
  }
  if (trusted.length > 0 && found.providers >= MOST_PROVIDERS) {
    const message = `The account has ${found.providers} OIDC providers; it takes ${MOST_PROVIDERS} unless raised, and the new cluster needs one more.`;
    const remedy = 'Delete providers of clusters that are gone, or have the IAM quota "OpenID Connect providers per account" raised.';
    findings.push(warning('provider-quota', message, 'iam:ListOpenIDConnectProviders', remedy));
  }
  if (found.roles > found.rolesQuota - ROLES_LEFT) {
    const message = `The account has ${found.roles} of at most ${found.rolesQuota} IAM roles; a new cluster needs some of its own.`;
    const remedy = 'Delete roles that nothing uses, or have the IAM quota "Roles per account" raised.';
    findings.push(warning('role-quota', message, 'iam:GetAccountSummary', remedy));
  }
  return findings;
}

function warning(check: string, message: string, evidence: string, remedy: string): NamedFinding {
  return { check, severity: 'warning', message, evidence, remedy };
}
