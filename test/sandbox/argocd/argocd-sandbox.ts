import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { commitFiles } from '../../../sandbox/gitlab/repository.ts';
import { endpointOf } from '../../../sandbox/kubernetes/clusters.ts';
import { seedCluster, seedObjects } from '../../../sandbox/kubernetes/seed.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { startFullSandbox } from '../../../sandbox/start.ts';
import { GITLAB_PROJECT, ROLES, roleArn } from '../../../sandbox/worlds/names.ts';
import { shopWorld } from '../../../sandbox/worlds/shop.ts';
import { seedLoadBalancerController } from '../kubernetes/load-balancer-controller.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly body: any;
}

export interface ArgoCdSandbox {
  readonly running: RunningSandbox;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The address of a recovered cluster that `addCluster` made. */
  endpoint(cluster: string): string;
}

export async function startArgoCd(): Promise<ArgoCdSandbox> {
  const running = await startFullSandbox({ world: shopWorld({ services: 'small' }), scale: 200 });
  const headers = { authorization: 'Bearer sandbox-argocd-token', 'content-type': 'application/json' };
  return {
    running,
    async call(method, path, body) {
      const response = await fetch(`${running.addresses.argocd}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
    },
    endpoint: (cluster) => endpointOf(running.sandbox, { region: 'eu-central-1', cluster }),
  };
}

/** A cluster in the recovery region with namespaces; `admins`: the roles that may use it. */
export function addCluster(
  { running }: ArgoCdSandbox,
  name: string,
  options: { readonly admins: readonly string[]; readonly namespaces?: readonly string[] },
): void {
  const { world, clock } = running.sandbox;
  const now = clock.now();
  const ref = seedCluster(world, {
    region: 'eu-central-1',
    name,
    roleArn: roleArn(ROLES.cluster),
    nodeRole: roleArn(ROLES.node),
    version: '1.34',
    subnetIds: defaultNetwork(world, 'eu-central-1').subnets.map((subnet) => subnet.id),
    authenticationMode: 'API',
    admins: options.admins.map(roleArn),
    nodes: 3,
    createdAt: now,
  });
  const namespaces = (options.namespaces ?? []).map((namespace) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  }));
  seedObjects(world, ref, namespaces, 'test', now);
  seedLoadBalancerController(world, ref, roleArn(ROLES.node), now);
}

/** What EKS-DR and people register: an exec provider that signs for another region. */
export function clusterBody(sandbox: ArgoCdSandbox, cluster: string): Record<string, unknown> {
  const { ca } = sandbox.running.sandbox;
  return {
    name: cluster,
    server: sandbox.endpoint(cluster),
    labels: { run: cluster },
    config: {
      tlsClientConfig: { caData: Buffer.from(ca).toString('base64') },
      execProviderConfig: {
        command: 'argocd-k8s-auth',
        args: ['aws', '--cluster-name', cluster, '--role-arn', roleArn(ROLES.argocd)],
        env: { AWS_REGION: 'eu-central-1' },
        apiVersion: 'client.authentication.k8s.io/v1beta1',
      },
    },
  };
}

/** Commits straight to the main branch, as after a merge. */
export function commit({ running }: ArgoCdSandbox, message: string, files: Readonly<Record<string, string | null>>): string {
  const { world, clock } = running.sandbox;
  const project = world.gitlab.projects[GITLAB_PROJECT];
  if (project === undefined) throw new Error('no project');
  return commitFiles(project, { branch: 'main', message, author: { name: 'Test', email: 'test@example.com' }, at: clock.now(), files });
}

export async function until(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Not as wanted in time: ${JSON.stringify(await ask()).slice(0, 4000)}`);
}
