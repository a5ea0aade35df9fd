import { awsFault } from '../aws/fault.ts';
import { jsonResponse } from '../aws/rest-json.ts';
import { roleExists, roleOf } from '../iam/principals.ts';
import { trustsService } from '../iam/trust.ts';
import type { Sandbox } from '../system.ts';
import { type EksCall, type EksRoute, parameter, seconds } from './call.ts';
import { activeClusterOrFail, clusterOrFail } from './clusters.ts';
import { hex, nextId } from './ids.ts';
import { claimToken, conflict, invalid, notFound, optionalFlag, optionalText, page, tagsIn, textIn } from './input.ts';
import type { EksCluster, PodIdentityAssociation } from './state.ts';

/** "EKS Pod Identity associations per cluster". */
const QUOTA = 1_000;
const AGENT = 'pods.eks.amazonaws.com';

function summary({ world }: Sandbox, cluster: EksCluster, association: PodIdentityAssociation): Record<string, unknown> {
  const { id, namespace, serviceAccount } = association;
  return {
    clusterName: cluster.name,
    namespace,
    serviceAccount,
    associationArn: `arn:aws:eks:${cluster.region}:${world.accountId}:podidentityassociation/${cluster.name}/${id}`,
    associationId: id,
  };
}

function describe(sandbox: Sandbox, cluster: EksCluster, association: PodIdentityAssociation): Record<string, unknown> {
  const { roleArn, targetRoleArn, externalId, policy, disableSessionTags, tags, createdAt, modifiedAt } = association;
  return {
    ...summary(sandbox, cluster, association),
    roleArn,
    tags,
    createdAt: seconds(createdAt),
    modifiedAt: seconds(modifiedAt),
    disableSessionTags,
    ...(targetRoleArn === undefined ? {} : { targetRoleArn, externalId }),
    ...(policy === undefined ? {} : { policy }),
  };
}

function associationOrFail(cluster: EksCluster, id: string): PodIdentityAssociation {
  const association = cluster.podIdentityAssociations[id];
  if (association !== undefined) return association;
  throw notFound(`Association with id ${id} cannot be found in cluster ${cluster.name}.`, { clusterName: cluster.name });
}

/** A role that EKS finds, in the cluster's own account, whose trust policy lets the agent in. */
function checkRole({ world, clock }: Sandbox, arn: string, disableSessionTags: boolean): void {
  const [, account] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/.+$/.exec(arn) ?? [];
  if (account === undefined) throw invalid(`The roleArn parameter format is not valid: ${arn}`);
  if (account !== world.accountId) throw awsFault(403, 'AccessDeniedException', 'Cross-account pass role is not allowed.');
  if (!roleExists(world, arn, clock.now())) throw invalid('Role provided in the request does not exist.');
  const trust = roleOf(world, arn)?.trust ?? '{}';
  const actions = disableSessionTags ? ['sts:AssumeRole'] : ['sts:AssumeRole', 'sts:TagSession'];
  if (actions.every((action) => trustsService(trust, AGENT, action))) return;
  throw invalid('Trust policy of the role provided is invalid. Follow the official documentation to resolve the issue.');
}

function checkPolicy(policy: string | undefined, disableSessionTags: boolean): void {
  if (policy !== undefined && !disableSessionTags) throw invalid('disableSessionTags must be true when a policy is specified.');
}

function nameIn(body: Readonly<Record<string, unknown>>, member: 'namespace' | 'serviceAccount'): string {
  const name = textIn(body, member);
  if (name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return name;
  throw invalid(`The ${member} parameter format is not valid: ${name}`);
}

function create(call: EksCall): Record<string, unknown> {
  const { sandbox, region, body } = call;
  const cluster = activeClusterOrFail(sandbox.world, region, parameter(call, 'clusterName'));
  const [namespace, serviceAccount] = [nameIn(body, 'namespace'), nameIn(body, 'serviceAccount')];
  const roleArn = textIn(body, 'roleArn');
  const token = optionalText(body, 'clientRequestToken');
  const all = Object.values(cluster.podIdentityAssociations);
  const existing = all.find((each) => each.namespace === namespace && each.serviceAccount === serviceAccount);
  if (existing !== undefined && claimToken(existing, token)) return describe(sandbox, cluster, existing);
  if (existing !== undefined) throw conflict(`Association already exists: ${existing.id}`, { clusterName: cluster.name });
  const disableSessionTags = optionalFlag(body, 'disableSessionTags') ?? false;
  const policy = optionalText(body, 'policy');
  checkPolicy(policy, disableSessionTags);
  checkRole(sandbox, roleArn, disableSessionTags);
  if (all.length >= QUOTA) {
    const message = `Cannot exceed quota for PodIdentityAssociationsPerCluster: ${QUOTA}`;
    throw awsFault(400, 'ResourceLimitExceededException', message, { clusterName: cluster.name });
  }
  const now = sandbox.clock.now();
  const association: PodIdentityAssociation = {
    id: `a-${hex(nextId(sandbox.world), 17)}`,
    namespace,
    serviceAccount,
    roleArn,
    disableSessionTags,
    ...targetOf(sandbox, optionalText(body, 'targetRoleArn')),
    ...(policy === undefined ? {} : { policy }),
    tags: tagsIn(body),
    ...(token === undefined ? {} : { clientRequestToken: token }),
    createdAt: now,
    modifiedAt: now,
  };
  cluster.podIdentityAssociations[association.id] = association;
  return describe(sandbox, cluster, association);
}

/** The target role's policy has to name the external id, which EKS makes anew for each association. */
function targetOf({ world }: Sandbox, targetRoleArn: string | undefined): Partial<PodIdentityAssociation> {
  if (targetRoleArn === undefined || targetRoleArn === '') return {};
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(targetRoleArn))
    throw invalid(`The targetRoleArn parameter format is not valid: ${targetRoleArn}`);
  return { targetRoleArn, externalId: nextId(world) };
}

function update(call: EksCall): Record<string, unknown> {
  const { sandbox, region, body } = call;
  const cluster = clusterOrFail(sandbox.world, region, parameter(call, 'clusterName'));
  const { targetRoleArn: target, externalId, policy: former, ...old } = associationOrFail(cluster, parameter(call, 'associationId'));
  const roleArn = optionalText(body, 'roleArn') ?? old.roleArn;
  const disableSessionTags = optionalFlag(body, 'disableSessionTags') ?? old.disableSessionTags;
  const policy = optionalText(body, 'policy') ?? former;
  checkPolicy(policy, disableSessionTags);
  checkRole(sandbox, roleArn, disableSessionTags);
  const kept = target === undefined ? {} : { targetRoleArn: target, externalId };
  const given = optionalText(body, 'targetRoleArn');
  const targeted = given === undefined || given === target ? kept : targetOf(sandbox, given);
  const updated = { ...old, roleArn, disableSessionTags, ...targeted, modifiedAt: sandbox.clock.now() };
  const association = { ...updated, ...(policy === undefined || policy === '' ? {} : { policy }) } as PodIdentityAssociation;
  cluster.podIdentityAssociations[association.id] = association;
  return describe(sandbox, cluster, association);
}

function remove(call: EksCall): Record<string, unknown> {
  const cluster = clusterOrFail(call.sandbox.world, call.region, parameter(call, 'clusterName'));
  const association = associationOrFail(cluster, parameter(call, 'associationId'));
  delete cluster.podIdentityAssociations[association.id];
  return describe(call.sandbox, cluster, association);
}

function list({ sandbox, region, query, ...call }: EksCall): Record<string, unknown> {
  const cluster = clusterOrFail(sandbox.world, region, parameter({ sandbox, region, query, ...call }, 'clusterName'));
  const asked = (name: 'namespace' | 'serviceAccount', value: string): boolean => (query.get(name) ?? value) === value;
  const found = Object.values(cluster.podIdentityAssociations).filter(
    ({ namespace, serviceAccount }) => asked('namespace', namespace) && asked('serviceAccount', serviceAccount),
  );
  const { names, ...next } = page(
    query,
    found.map(({ id }) => id),
  );
  return { associations: names.map((id) => summary(sandbox, cluster, associationOrFail(cluster, id))), ...next };
}

const associations = '/clusters/{clusterName}/pod-identity-associations';
const association = `${associations}/{associationId}`;

export const podIdentityRoutes: readonly EksRoute[] = [
  {
    name: 'CreatePodIdentityAssociation',
    method: 'POST',
    pattern: associations,
    body: ['namespace', 'serviceAccount', 'roleArn', 'clientRequestToken', 'tags', 'disableSessionTags', 'targetRoleArn', 'policy'],
    run: (call) => jsonResponse({ association: create(call) }),
  },
  {
    name: 'ListPodIdentityAssociations',
    method: 'GET',
    pattern: associations,
    query: ['namespace', 'serviceAccount', 'maxResults', 'nextToken'],
    run: (call) => jsonResponse(list(call)),
  },
  {
    name: 'DescribePodIdentityAssociation',
    method: 'GET',
    pattern: association,
    run: (call) => {
      const cluster = clusterOrFail(call.sandbox.world, call.region, parameter(call, 'clusterName'));
      const found = associationOrFail(cluster, parameter(call, 'associationId'));
      return jsonResponse({ association: describe(call.sandbox, cluster, found) });
    },
  },
  {
    name: 'UpdatePodIdentityAssociation',
    method: 'POST',
    pattern: association,
    body: ['roleArn', 'clientRequestToken', 'disableSessionTags', 'targetRoleArn', 'policy'],
    run: (call) => jsonResponse({ association: update(call) }),
  },
  {
    name: 'DeletePodIdentityAssociation',
    method: 'DELETE',
    pattern: association,
    run: (call) => jsonResponse({ association: remove(call) }),
  },
];
