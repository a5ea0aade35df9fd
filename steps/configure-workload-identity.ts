import * as z from 'zod';
import { partitionOf } from './clients/aws.ts';
import type { Clients, ClusterRef } from './clients/clients.ts';
import { reads } from './cluster-rights.ts';
import { connectCluster } from './connect-cluster.ts';
import type { Estate } from './estate/estate.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { Resource } from './kit/resource.ts';
import type { Run } from './kit/run.ts';
import { eksPodIdentityAssociation } from './resources/eks-pod-identity-association.ts';
import { iamOidcProvider } from './resources/iam-oidc-provider.ts';
import { iamTrustStatement } from './resources/iam-trust-statement.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { refuseWithoutAgent } from './workload-identity/agent.ts';
import { type Decision, decide, type TrustingCluster } from './workload-identity/decide.ts';
import { needsProvider } from './workload-identity/provider.ts';
import { readRoles, trustLimit } from './workload-identity/role-facts.ts';
import { type WantedAccount, wantedAccounts } from './workload-identity/wanted-accounts.ts';

const withoutRole = z.object({
  namespace: z.string(),
  serviceAccount: z.string(),
  roleArn: z.string(),
  reason: z.string(),
  remedy: z.string(),
});

export const configureWorkloadIdentity = defineStep({
  id: 'configure-workload-identity',
  title: 'Give the service accounts their IAM roles',
  needs: { connected: connectCluster, inventory: takeInventory },
  reads: ['workloadIdentity', 'addons'],
  outputs: z.object({
    /** Service accounts with a pod identity association, and those whose role trusts the new cluster's issuer. */
    associations: z.number(),
    trusted: z.number(),
    without: z.array(withoutRole),
  }),
  drivers: [iamOidcProvider, iamTrustStatement, eksPodIdentityAssociation],
  waits: [],
  checks: [],
  onCluster: reads('apps', 'daemonsets'),

  async describe({ estate, run, clients, log, needs: { connected, inventory } }) {
    const { region, cluster, oidcIssuer } = connected;
    const decision = await decisionFor({ estate, run, clients, connected, inventory });
    for (const { namespace, serviceAccount, reason, remedy } of decision.without)
      log.warn(`${namespace}/${serviceAccount} stays without its IAM role: ${reason} -> ${remedy}`);
    for (const { namespace, serviceAccount, targetRoleArn } of decision.associations)
      if (targetRoleArn !== null)
        log.warn(
          `${namespace}/${serviceAccount} goes on to ${targetRoleArn}: if that role's trust policy asks for an external id, it must learn the new association's (aws eks describe-pod-identity-association)`,
        );
    const provider = await needsProvider(clients, { oidcIssuer, run: run.id, addons: estate.addons, decision });
    return [
      provider ? [iamOidcProvider.resource({ issuer: oidcIssuer }, { audiences: ['sts.amazonaws.com'], run: run.id })] : [],
      decision.statements.map(({ role, sid, statement }) => iamTrustStatement.resource({ role, sid }, { statement })),
      decision.associations.map((account) => associationOf({ region, cluster }, account, run.id)),
    ];
  },

  async finish({ estate, run, clients, needs: { connected, inventory } }) {
    const { associations, trusted, without } = await decisionFor({ estate, run, clients, connected, inventory });
    if (associations.length > 0) await refuseWithoutAgent(clients, { region: connected.region, cluster: connected.cluster });
    return { associations: associations.length, trusted: trusted.length, without: [...without] };
  },
});

function associationOf(at: ClusterRef, account: WantedAccount, run: string): Resource {
  const { namespace, serviceAccount, roleArn, targetRoleArn, policy, disableSessionTags } = account;
  return eksPodIdentityAssociation.resource(
    { ...at, namespace, serviceAccount },
    { roleArn, targetRoleArn, ...(policy === null ? {} : { policy }), ...(disableSessionTags ? { disableSessionTags } : {}), run },
  );
}

/** Looks at the roles as they are now and decides. What this run has put into their trust policies counts for nothing in it. */
async function decisionFor(of: {
  readonly estate: Pick<Estate, 'workloadIdentity' | 'addons'>;
  readonly run: Pick<Run, 'id' | 'mode'>;
  readonly clients: Pick<Clients, 'iam'>;
  readonly connected: Omit<TrustingCluster, 'partition'>;
  readonly inventory: Pick<Inventory, 'identities'>;
}): Promise<Decision> {
  const { estate, run, clients, connected, inventory } = of;
  const accounts = wantedAccounts(inventory.identities, estate);
  if (accounts.length === 0) return decide([], { cluster: { ...connected, partition: '' }, roles: new Map(), trustLimit: 0, run });
  const iam = await clients.iam();
  const own = accounts.map(({ roleArn }) => roleArn).filter((arn) => arn.split(':')[4] === connected.accountId);
  const [roles, limit] = await Promise.all([readRoles(iam, own), trustLimit(iam)]);
  return decide(accounts, { cluster: { ...connected, partition: partitionOf(connected.region) }, roles, trustLimit: limit, run });
}
