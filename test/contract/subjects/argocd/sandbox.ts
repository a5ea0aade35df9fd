import type { ClusterRef } from '../../../../sandbox/argocd/reach.ts';
import { putProject } from '../../../../sandbox/argocd/store.ts';
import { defaultNetwork } from '../../../../sandbox/ec2/network.ts';
import { addProject, commitFiles } from '../../../../sandbox/gitlab/repository.ts';
import { applyManifest, getObject } from '../../../../sandbox/kubernetes/delivery.ts';
import { seedCluster } from '../../../../sandbox/kubernetes/seed.ts';
import type { RunningSandbox } from '../../../../sandbox/server.ts';
import { startFullSandbox } from '../../../../sandbox/start.ts';
import type { World } from '../../../../sandbox/world.ts';
import { emptyWorld } from '../../../../sandbox/worlds/empty.ts';
import { seedIdentities } from '../../../../sandbox/worlds/identities.ts';
import { ROLES, roleArn } from '../../../../sandbox/worlds/names.ts';
import type { Opened } from '../../contract.ts';
import { unique } from '../../unique.ts';
import type { ArgoCd, Repository } from './argocd.ts';
import { callsOf } from './calls.ts';

const REF = { region: 'eu-central-1', cluster: 'shop-dr' } as const;
const TOKEN = 'sandbox-argocd-token';

/** The sandbox's Argo CD, deploying from its GitLab to a cluster of three nodes. */
export async function sandboxArgocd(): Promise<Opened<ArgoCd>> {
  const world = emptyWorld();
  seed(world);
  const running = await startFullSandbox({ world, scale: 200 });
  return { subject: await servedArgocd(running, REF), close: () => running.stop() };
}

/** The Argo CD of a sandbox that is served, with this cluster registered under a new address and a name of its own. */
export async function servedArgocd({ addresses, sandbox }: RunningSandbox, ref: ClusterRef): Promise<ArgoCd> {
  const { world } = sandbox;
  const url = addresses.argocd;
  const { call } = callsOf({ url, token: TOKEN });
  const newAddress: ArgoCd['newAddress'] = async () => {
    const server = `https://${unique('cluster')}.example.com`;
    world.argocd.addresses[server] = ref;
    return { server, config: { awsAuthConfig: { clusterName: ref.cluster, roleARN: roleArn(ROLES.argocd) } } };
  };
  const destination = { name: unique('destination'), ...(await newAddress()) };
  const { status, body } = await call('POST', '/api/v1/clusters', { body: destination });
  if (status !== 200) throw new Error(`the destination can't be registered: ${JSON.stringify(body)}`);
  return {
    url,
    token: TOKEN,
    call,
    destination,
    newAddress,
    newRepository: async (files) => newRepository(world, () => sandbox.clock.now(), files),
    live: async (wanted) => getObject(sandbox, ref, wanted) ?? null,
    async newNamespace(name) {
      applyManifest(sandbox, ref, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, 'test');
    },
  };
}

function seed(world: World): void {
  seedIdentities(world);
  world.argocd.tokens[TOKEN] = 'admin';
  const spec = {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  };
  putProject(world.argocd, world.clock, { metadata: { name: 'default' }, spec });
  seedCluster(world, {
    ...REF,
    name: REF.cluster,
    roleArn: roleArn(ROLES.cluster),
    nodeRole: roleArn(ROLES.node),
    version: '1.34',
    subnetIds: defaultNetwork(world, REF.region).subnets.map(({ id }) => id),
    authenticationMode: 'API',
    admins: [roleArn(ROLES.argocd)],
    nodes: 3,
    createdAt: world.clock,
  });
}

async function newRepository(world: World, now: () => number, files: Readonly<Record<string, string>>): Promise<Repository> {
  const path = `platform/${unique('repository')}`;
  const url = `https://gitlab.example.com/${path}.git`;
  const project = addProject(world.gitlab, { path, description: '', members: {}, approvalsRequired: 0, at: now() });
  world.argocd.repositories[url] = { repo: url, type: 'git', name: '', project: '', gitlabProject: path };
  const author = { name: 'Test', email: 'test@example.com' };
  const commit: Repository['commit'] = async (changed) =>
    commitFiles(project, { branch: 'main', message: 'Change', author, at: now(), files: changed });
  await commit(files);
  return { url, commit };
}
