import { awsFault } from '../aws/fault.ts';
import { jsonResponse } from '../aws/rest-json.ts';
import { roleExists } from '../iam/principals.ts';
import type { Sandbox } from '../system.ts';
import { announceAccess } from './access.ts';
import { newAccessEntry } from './access-entry.ts';
import { accessPolicies, isAccessPolicy } from './access-policies.ts';
import { type EksCall, type EksRoute, parameter, seconds } from './call.ts';
import { clusterOrFail } from './clusters.ts';
import { claimToken, conflict, invalid, notFound, optionalText, page, stringsIn, tagsIn, textIn } from './input.ts';
import type { AccessEntry, AccessScope, AssociatedPolicy, EksCluster } from './state.ts';

const types: readonly string[] = ['STANDARD', 'EC2_LINUX', 'EC2_WINDOWS', 'FARGATE_LINUX', 'EC2', 'HYBRID_LINUX', 'HYPERPOD_LINUX'];

function describe(cluster: EksCluster, entry: AccessEntry): Record<string, unknown> {
  return {
    clusterName: cluster.name,
    principalArn: entry.principalArn,
    kubernetesGroups: entry.kubernetesGroups,
    accessEntryArn: entry.id,
    createdAt: seconds(entry.createdAt),
    modifiedAt: seconds(entry.modifiedAt),
    tags: entry.tags,
    username: entry.username,
    type: entry.type,
  };
}

function describePolicy({ policyArn, accessScope, associatedAt, modifiedAt }: AssociatedPolicy): Record<string, unknown> {
  return { policyArn, accessScope, associatedAt: seconds(associatedAt), modifiedAt: seconds(modifiedAt) };
}

/** The cluster, when its authentication mode knows access entries. */
function clusterOf(call: EksCall): EksCluster {
  const cluster = clusterOrFail(call.sandbox.world, call.region, parameter(call, 'clusterName'));
  if (cluster.authenticationMode === 'CONFIG_MAP') {
    const message = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.";
    throw awsFault(400, 'InvalidRequestException', message, { clusterName: cluster.name });
  }
  return cluster;
}

function entryOrFail(cluster: EksCluster, principalArn: string): AccessEntry {
  const entry = cluster.accessEntries[principalArn];
  if (entry === undefined) {
    throw notFound(
      `The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.`,
      {
        clusterName: cluster.name,
      },
    );
  }
  return entry;
}

/** An entry is for a principal that exists, as far as the sandbox knows them: the roles of its account. */
function checkPrincipal({ world, clock }: Sandbox, principalArn: string): void {
  const [, account, sort] = /^arn:aws[a-z-]*:iam::(\d{12}):(role|user)\/.+$/.exec(principalArn) ?? [];
  if (sort === undefined) throw invalid(`The principalArn parameter format is not valid: ${principalArn}`);
  if (sort === 'role' && account === world.accountId && !roleExists(world, principalArn, clock.now()))
    throw invalid('The specified principalArn is invalid: invalid principal.');
}

function checkGroups(groups: readonly string[]): void {
  const reserved = groups.find((group) => /^(system:|eks:|aws:|amazon:|iam:)/.test(group));
  if (reserved !== undefined) throw invalid(`The kubernetes group name ${reserved} is invalid, it cannot start with system:`);
}

function checkUsername(username: string): void {
  if (/^(system:|eks:|aws:|amazon:|iam:)/.test(username))
    throw invalid(`The username ${username} is invalid, it cannot start with system:`);
}

function create(call: EksCall): AccessEntry {
  const { sandbox, region, body } = call;
  const cluster = clusterOf(call);
  const principalArn = textIn(body, 'principalArn');
  const token = optionalText(body, 'clientRequestToken');
  checkPrincipal(sandbox, principalArn);
  const existing = cluster.accessEntries[principalArn];
  if (existing !== undefined && claimToken(existing, token)) return existing;
  if (existing !== undefined) {
    throw conflict('The specified access entry resource is already in use on this cluster.', { clusterName: cluster.name });
  }
  const type = optionalText(body, 'type') ?? 'STANDARD';
  if (!types.includes(type)) throw invalid(`The type ${type} is not one of ${types.join(', ')}`);
  if (type !== 'STANDARD' && !principalArn.includes(':role/'))
    throw invalid(`The principal of an access entry of type ${type} must be an IAM role`);
  const groups = stringsIn(body, 'kubernetesGroups') ?? [];
  const username = optionalText(body, 'username');
  if (type !== 'STANDARD' && (groups.length > 0 || username !== undefined)) {
    throw invalid(`The kubernetesGroups and username can only be set for access entries of type STANDARD`);
  }
  checkGroups(groups);
  if (username !== undefined) checkUsername(username);
  const now = sandbox.clock.now();
  const node = { kubernetesGroups: ['system:nodes'], username: 'system:node:{{EC2PrivateDNSName}}' };
  const entry = newAccessEntry(sandbox.world, {
    region,
    cluster: cluster.name,
    principalArn,
    now,
    type,
    tags: tagsIn(body),
    kubernetesGroups: groups,
    ...(username === undefined ? {} : { username }),
    ...(type === 'STANDARD' ? {} : node),
    ...(token === undefined ? {} : { clientRequestToken: token }),
  });
  cluster.accessEntries[principalArn] = entry;
  announceAccess(cluster, principalArn, now);
  return entry;
}

function update(call: EksCall): AccessEntry {
  const { sandbox, body } = call;
  const cluster = clusterOf(call);
  const entry = entryOrFail(cluster, parameter(call, 'principalArn'));
  const groups = stringsIn(body, 'kubernetesGroups');
  const username = optionalText(body, 'username');
  if (entry.type !== 'STANDARD') throw invalid(`Access entries of type ${entry.type} cannot be updated`);
  checkGroups(groups ?? []);
  if (username !== undefined) checkUsername(username);
  const now = sandbox.clock.now();
  entry.kubernetesGroups = groups ?? entry.kubernetesGroups;
  entry.username = username ?? entry.username;
  entry.modifiedAt = now;
  announceAccess(cluster, entry.principalArn, now);
  return entry;
}

function scopeIn(body: Readonly<Record<string, unknown>>): AccessScope {
  const given = (body.accessScope ?? {}) as Record<string, unknown>;
  const type = given.type;
  const namespaces = stringsIn(given, 'namespaces') ?? [];
  if (type !== 'cluster' && type !== 'namespace') throw invalid("The accessScope type must be 'cluster' or 'namespace'");
  if (type === 'namespace' && namespaces.length === 0)
    throw invalid('The namespaces parameter is required when the access scope type is namespace.');
  if (type === 'cluster' && namespaces.length > 0)
    throw invalid('The namespaces parameter is not allowed when the access scope type is cluster.');
  return { type, namespaces };
}

function associate(call: EksCall): Record<string, unknown> {
  const { sandbox, body } = call;
  const cluster = clusterOf(call);
  const entry = entryOrFail(cluster, parameter(call, 'principalArn'));
  const policyArn = textIn(body, 'policyArn');
  if (!isAccessPolicy(policyArn)) throw invalid(`The policyArn parameter format is not valid: ${policyArn}`);
  if (entry.type !== 'STANDARD' && entry.type !== 'EC2')
    throw invalid(`Policies cannot be associated with an access entry of type ${entry.type}`);
  const accessScope = scopeIn(body);
  const now = sandbox.clock.now();
  const existing = entry.policies[policyArn];
  entry.policies[policyArn] = { policyArn, accessScope, associatedAt: existing?.associatedAt ?? now, modifiedAt: now };
  announceAccess(cluster, entry.principalArn, now);
  return { clusterName: cluster.name, principalArn: entry.principalArn, associatedAccessPolicy: describePolicy(entry.policies[policyArn]) };
}

function disassociate(call: EksCall): void {
  const cluster = clusterOf(call);
  const entry = entryOrFail(cluster, parameter(call, 'principalArn'));
  const policyArn = parameter(call, 'policyArn');
  if (entry.policies[policyArn] === undefined) throw notFound(`The policyArn ${policyArn} is not associated with the access entry`);
  delete entry.policies[policyArn];
  announceAccess(cluster, entry.principalArn, call.sandbox.clock.now());
}

function remove(call: EksCall): void {
  const cluster = clusterOf(call);
  const entry = entryOrFail(cluster, parameter(call, 'principalArn'));
  delete cluster.accessEntries[entry.principalArn];
  announceAccess(cluster, entry.principalArn, call.sandbox.clock.now());
}

function list(call: EksCall): Record<string, unknown> {
  const cluster = clusterOf(call);
  const policy = call.query.get('associatedPolicyArn');
  const entries = Object.values(cluster.accessEntries).filter((entry) => policy === null || entry.policies[policy] !== undefined);
  const { names, ...next } = page(
    call.query,
    entries.map((entry) => entry.principalArn),
  );
  return { accessEntries: names, ...next };
}

function listPolicies(call: EksCall): Record<string, unknown> {
  const cluster = clusterOf(call);
  const entry = entryOrFail(cluster, parameter(call, 'principalArn'));
  const { names, ...next } = page(call.query, Object.keys(entry.policies));
  const associatedAccessPolicies = names.flatMap((arn) => (entry.policies[arn] === undefined ? [] : [describePolicy(entry.policies[arn])]));
  return { clusterName: cluster.name, principalArn: entry.principalArn, associatedAccessPolicies, ...next };
}

const entries = '/clusters/{clusterName}/access-entries';
const entry = `${entries}/{principalArn}`;
const answer = (call: EksCall, found: AccessEntry) => jsonResponse({ accessEntry: describe(clusterOf(call), found) });

export const accessRoutes: readonly EksRoute[] = [
  {
    name: 'CreateAccessEntry',
    method: 'POST',
    pattern: entries,
    body: ['principalArn', 'kubernetesGroups', 'tags', 'clientRequestToken', 'username', 'type'],
    run: (call) => answer(call, create(call)),
  },
  {
    name: 'ListAccessEntries',
    method: 'GET',
    pattern: entries,
    query: ['associatedPolicyArn', 'maxResults', 'nextToken'],
    run: (call) => jsonResponse(list(call)),
  },
  {
    name: 'DescribeAccessEntry',
    method: 'GET',
    pattern: entry,
    run: (call) => answer(call, entryOrFail(clusterOf(call), parameter(call, 'principalArn'))),
  },
  {
    name: 'UpdateAccessEntry',
    method: 'POST',
    pattern: entry,
    body: ['kubernetesGroups', 'clientRequestToken', 'username'],
    run: (call) => answer(call, update(call)),
  },
  {
    name: 'DeleteAccessEntry',
    method: 'DELETE',
    pattern: entry,
    run: (call) => {
      remove(call);
      return jsonResponse({});
    },
  },
  {
    name: 'AssociateAccessPolicy',
    method: 'POST',
    pattern: `${entry}/access-policies`,
    body: ['policyArn', 'accessScope'],
    run: (call) => jsonResponse(associate(call)),
  },
  {
    name: 'ListAssociatedAccessPolicies',
    method: 'GET',
    pattern: `${entry}/access-policies`,
    query: ['maxResults', 'nextToken'],
    run: (call) => jsonResponse(listPolicies(call)),
  },
  {
    name: 'DisassociateAccessPolicy',
    method: 'DELETE',
    pattern: `${entry}/access-policies/{policyArn}`,
    run: (call) => {
      disassociate(call);
      return jsonResponse({});
    },
  },
  {
    name: 'ListAccessPolicies',
    method: 'GET',
    pattern: '/access-policies',
    query: ['maxResults', 'nextToken'],
    run: ({ query }) => {
      const { names, ...next } = page(
        query,
        accessPolicies.map(({ name }) => name),
      );
      return jsonResponse({ accessPolicies: accessPolicies.filter(({ name }) => names.includes(name)), ...next });
    },
  },
];
