import { Sha256 } from '@aws-crypto/sha256-js';
import { ApiException, KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { emptyEc2 } from '../../../sandbox/ec2/state.ts';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { emptyEks } from '../../../sandbox/eks/state.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { emptyElb } from '../../../sandbox/elb/state.ts';
import { elb } from '../../../sandbox/elb/system.ts';
import { emptyIam } from '../../../sandbox/iam/state.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { endpointOf } from '../../../sandbox/kubernetes/clusters.ts';
import { seedCluster, settleCluster } from '../../../sandbox/kubernetes/seed.ts';
import { type ClusterKey, emptyKubernetes } from '../../../sandbox/kubernetes/state.ts';
import { kubernetes } from '../../../sandbox/kubernetes/system.ts';
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../../sandbox/server.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import type { World } from '../../../sandbox/world.ts';
import { seedLoadBalancerController } from './load-balancer-controller.ts';

const runnerRole = 'arn:aws:iam::111122223333:role/eks-dr-runner';
export const clusterRole = 'arn:aws:iam::111122223333:role/eks-cluster';
export const nodeRole = 'arn:aws:iam::111122223333:role/eks-node';
export const shop: ClusterKey = { region: 'eu-west-1', cluster: 'shop-prod' };
export const worldClock = Date.UTC(2026, 0, 15, 3, 0, 0);

function addRole(world: World, arn: string): void {
  const runner = world.iam.roles['eks-dr-runner'];
  const name = arn.split('/').at(-1) ?? '';
  if (runner !== undefined) world.iam.roles[name] = { ...runner, name, arn, id: `AROAEXAMPLE${name.toUpperCase().replaceAll('-', '')}` };
}

/** A world with the roles of EKS and nothing in it yet. */
export function platformWorld(): World {
  const world: Partial<World> = {
    accountId: '111122223333',
    clock: worldClock,
    iam: emptyIam(),
    ec2: emptyEc2(),
    eks: emptyEks(),
    elb: emptyElb(),
    kubernetes: emptyKubernetes(),
  };
  const whole = world as World;
  addRole(whole, clusterRole);
  addRole(whole, nodeRole);
  return whole;
}

/** A world with the cluster shop-prod, which has run for an hour, with a load balancer controller. */
export function shopWorld(nodes = 3): World {
  const world = platformWorld();
  const createdAt = worldClock - 3_600_000;
  const subnetIds = defaultNetwork(world, shop.region).subnets.map(({ id }) => id);
  const options = { roleArn: clusterRole, nodeRole, nodes, admins: [runnerRole], createdAt, subnetIds, authenticationMode: 'API' };
  seedCluster(world, { name: shop.cluster, region: shop.region, ...options });
  seedLoadBalancerController(world, shop, nodeRole, createdAt);
  settleCluster(world, shop, worldClock);
  return world;
}

export function startPlatform(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  return startSandbox({ world: shopWorld(), scale: 400, systems: [sts, iam, ec2, eks, elb, kubernetes], ...options });
}

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function runnerKeys(running: RunningSandbox): Identity {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = running.environment;
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
}

/** A token as `aws eks get-token` makes it. */
export async function eksToken(cluster: string, region: string, credentials: Identity): Promise<string> {
  const hostname = `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const request = { method: 'GET', protocol: 'https:', hostname, path: '/', headers: { host: hostname, 'x-k8s-aws-id': cluster } };
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const signed = await signer.presign(
    { ...request, query },
    { expiresIn: 60, unsignableHeaders: new Set(), unhoistableHeaders: new Set(['x-k8s-aws-id']) },
  );
  const search = new URLSearchParams(Object.entries(signed.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]));
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${search}`).toString('base64url')}`;
}

/** A client configuration for a cluster; without a token the runner's. */
export async function kubeConfig(running: RunningSandbox, ref: ClusterKey = shop, token?: string): Promise<KubeConfig> {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'c',
        server: endpointOf(running.sandbox, ref),
        caData: Buffer.from(running.sandbox.ca).toString('base64'),
        skipTLSVerify: false,
      },
    ],
    users: [{ name: 'u', token: token ?? (await eksToken(ref.cluster, ref.region, runnerKeys(running))) }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  return config;
}

export async function objectApi(running: RunningSandbox, ref: ClusterKey = shop, token?: string): Promise<KubernetesObjectApi> {
  return KubernetesObjectApi.makeApiClient(await kubeConfig(running, ref, token));
}

export interface StatusBody {
  readonly reason: string;
  readonly message: string;
  readonly code: number;
  readonly details?: { readonly causes?: readonly { readonly reason: string; readonly field: string; readonly message: string }[] };
}

/** The Status that a call was refused with; fails when it was not refused. */
export async function refusal(work: Promise<unknown>): Promise<StatusBody> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const body: unknown = typeof error.body === 'string' ? JSON.parse(error.body) : error.body;
    return body as StatusBody;
  }
  throw new Error('Expected a refusal, got an answer.');
}

/** Asks again until the answer is good; bounded by mocha's own limit. */
export async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
