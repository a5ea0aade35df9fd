import * as z from 'zod';
import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, eachId, type Observed, single, type Write } from '../kit/driver.ts';
import { clusterOwner, noCluster } from './cluster-owner.ts';
import { accessPolicyArn } from './eks-access-entry.ts';

const id = z.strictObject({
  region: z.string(),
  cluster: z.string(),
  principalArn: z.string(),
  /** Its name, such as AmazonEKSClusterAdminPolicy. */
  policy: z.string(),
});

/** Where the policy holds: in the whole cluster, or in these namespaces. */
const state = z.strictObject({ scope: z.enum(['cluster', 'namespace']), namespaces: z.array(z.string()) });

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/** An EKS access policy associated with an access entry: what a principal may do in a cluster. */
export const eksAccessPolicy = defineDriver<Id, State, Pick<Clients, 'eks'>>({
  kind: 'eks.access-policy',
  noun: 'access policy association',
  compareAndSwap: { cas: 'no', window: 'between the last look and the association, well below a second' },
  permissions: {
    read: ['eks:DescribeCluster', 'eks:ListAssociatedAccessPolicies'],
    write: ['eks:AssociateAccessPolicy', 'eks:DisassociateAccessPolicy'],
  },
  concurrency: 4,
  visibleWithinSeconds: 30,
  id,
  state,
  label: ({ cluster, principalArn, policy }) => `${policy} for ${principalArn} on ${cluster}`,
  canonical: ({ scope, namespaces }) => ({ scope, namespaces: [...new Set(namespaces)].sort() }),
  read: eachId(readOne),
  write: single(writeOne),
});

async function readOne(clients: Pick<Clients, 'eks'>, { region, cluster, principalArn, policy }: Id): Promise<Observed<State>> {
  const eks = await clients.eks(region);
  const described = await unlessMissing(eks.describeCluster({ name: cluster }), 'ResourceNotFoundException');
  if (described === null) return { state: null, owner: noCluster(cluster) };
  const owner = clusterOwner(cluster, described.cluster?.tags);
  const policyArn = accessPolicyArn(region, policy);
  let nextToken: string | undefined;
  do {
    const asked = eks.listAssociatedAccessPolicies({ clusterName: cluster, principalArn, nextToken });
    // Missing: there is no access entry for this principal.
    const page = await unlessMissing(asked, 'ResourceNotFoundException');
    const found = page?.associatedAccessPolicies?.find((association) => association.policyArn === policyArn);
    if (found !== undefined) {
      const namespaces = [...(found.accessScope?.namespaces ?? [])].sort();
      return { state: { scope: found.accessScope?.type === 'namespace' ? 'namespace' : 'cluster', namespaces }, owner };
    }
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return { state: null, owner };
}

async function writeOne(clients: Pick<Clients, 'eks'>, { id: at, after }: Write<Id, State>): Promise<void> {
  const eks = await clients.eks(at.region);
  const target = { clusterName: at.cluster, principalArn: at.principalArn, policyArn: accessPolicyArn(at.region, at.policy) };
  if (after === null) {
    await unlessMissing(eks.disassociateAccessPolicy(target), 'ResourceNotFoundException');
    return;
  }
  const namespaces = after.scope === 'namespace' ? { namespaces: after.namespaces } : {};
  await eks.associateAccessPolicy({ ...target, accessScope: { type: after.scope, ...namespaces } });
}
