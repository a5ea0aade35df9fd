import type { Iam } from '../clients/aws.ts';
import { clusterProfiles } from '../leftovers/find-leftovers.ts';
import { iamOidcProvider } from '../resources/iam-oidc-provider.ts';
import { iamPolicy } from '../resources/iam-policy.ts';
import { iamRole } from '../resources/iam-role.ts';
import { iamTrustStatement } from '../resources/iam-trust-statement.ts';
import { madeIds, there } from './planned.ts';
import type { Orphan, Search } from './search.ts';

/**
 * Lists of IAM show no tags, and an account may have a thousand roles: looked at are those whose name carries the run, as all of ours do, and
 * those in its plans. Statements in trust policies carry no tag at all: those of the plans.
 */
export const iamSearch: Search = {
  system: 'IAM',
  async search({ run, clients, plans, cluster }) {
    const iam = await clients.iam();
    const [roles, policies, issuers] = await Promise.all([roleNames(iam), policyNames(iam), issuersOf(iam)]);
    const candidates = (kind: string, names: readonly string[]): { name: string }[] => {
      const planned = madeIds(plans, kind).flatMap(({ name = '' }) => name);
      return [...new Set([...names.filter((name) => name.includes(run.id)), ...planned])].map((name) => ({ name }));
    };
    const [left, leftPolicies, providers, statements, profiles] = await Promise.all([
      there(iamRole, clients, candidates('iam.role', roles), run.id),
      there(iamPolicy, clients, candidates('iam.policy', policies), run.id),
      there(
        iamOidcProvider,
        clients,
        issuers.map((issuer) => ({ issuer })),
        run.id,
      ),
      there(iamTrustStatement, clients, madeIds(plans, 'iam.trust-statement')),
      clusterProfiles(clients, cluster.cluster),
    ]);
    return [
      ...left.map(({ name = '' }) => thing(`role ${name}`, `aws iam delete-role --role-name ${name} (detach its policies first)`)),
      ...leftPolicies.map(({ name = '' }) => thing(`policy ${name}`, `aws iam delete-policy --policy-arn (that of ${name})`)),
      ...providers.map(({ issuer = '' }) =>
        thing(`OIDC provider ${issuer}`, 'aws iam delete-open-id-connect-provider --open-id-connect-provider-arn (its ARN)'),
      ),
      ...profiles.map(({ name }) =>
        thing(`instance profile ${name}`, `aws iam delete-instance-profile --instance-profile-name ${name} (remove its role first)`),
      ),
      ...statements.map(({ role = '', sid = '' }) =>
        thing(`statement ${sid} in the trust policy of ${role}`, `aws iam update-assume-role-policy --role-name ${role} (without it)`),
      ),
    ];
  },
};

function thing(what: string, remove: string): Orphan {
  return { what, where: 'the account', remove };
}

async function roleNames(iam: Iam): Promise<string[]> {
  const names: string[] = [];
  for (let Marker: string | undefined, more = true; more; ) {
    const page = await iam.listRoles({ MaxItems: 1000, Marker });
    names.push(...(page.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []));
    more = page.IsTruncated === true;
    Marker = page.Marker;
  }
  return names;
}

async function policyNames(iam: Iam): Promise<string[]> {
  const names: string[] = [];
  for (let Marker: string | undefined, more = true; more; ) {
    const page = await iam.listPolicies({ Scope: 'Local', MaxItems: 1000, Marker });
    names.push(...(page.Policies ?? []).flatMap(({ PolicyName }) => PolicyName ?? []));
    more = page.IsTruncated === true;
    Marker = page.Marker;
  }
  return names;
}

async function issuersOf(iam: Iam): Promise<string[]> {
  const { OpenIDConnectProviderList = [] } = await iam.listOpenIDConnectProviders({});
  return OpenIDConnectProviderList.flatMap(({ Arn = '' }) => {
    const issuer = Arn.split(':oidc-provider/')[1];
    return issuer === undefined ? [] : [`https://${issuer}`];
  });
}
