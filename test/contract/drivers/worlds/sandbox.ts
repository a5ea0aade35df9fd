import { S3 } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { defaultNetwork } from '../../../../sandbox/ec2/network.ts';
import { endpointOf } from '../../../../sandbox/kubernetes/clusters.ts';
import { seedCluster } from '../../../../sandbox/kubernetes/seed.ts';
import { startFullSandbox } from '../../../../sandbox/start.ts';
import type { World } from '../../../../sandbox/world.ts';
import { GITLAB_PROJECT, REVIEWER, ROLES, roleArn } from '../../../../sandbox/worlds/names.ts';
import { shopWorld } from '../../../../sandbox/worlds/shop.ts';
import type { ClusterRef } from '../../../../steps/clients/clients.ts';
import { stackOf } from '../../../../steps/clients/terraform-stack-ref.ts';
import { RUN_TAG } from '../../../../steps/naming.ts';
import { putControllerThings } from '../../../attacks/controller-things.ts';
import { built } from '../../../built.ts';
import { estateWith } from '../../../steps/context.ts';
import type { Opened } from '../../contract.ts';
import { servedArgocd } from '../../subjects/argocd/sandbox.ts';
import { unique } from '../../unique.ts';
import type { LawWorld } from '../world.ts';
import { newRole, newZone } from './aws-places.ts';
import { connected } from './connected.ts';

const REGION = 'eu-central-1';
/** Terraform makes and destroys a cluster, and may take no longer by this clock than by any other. */
const SCALE = 100;
/** Of a lock that is declared dead below. */
const LOCK = '250441c6-ff9a-087a-a089-9ef3145ae9d5';

export async function sandboxWorld(): Promise<Opened<LawWorld>> {
  const run = unique('law');
  const world = shopWorld({ services: 'small' });
  const cluster = seed(world, unique('law'), run);
  const program = await built('sandbox/bin/terraform');
  const running = await startFullSandbox({ world, scale: SCALE });
  const environment = {
    PATH: process.env.PATH,
    EKS_DR_TERRAFORM: program,
    EKS_DR_BREAK_LOCK: LOCK,
    TF_SANDBOX_POLL_MS: '25',
    ...running.environment,
  };
  const { clients, close } = connected(run, environment, SCALE);
  const estate = estateWith();
  const stack = stackOf(estate, { id: run, target: 'frankfurt' });
  const address = (ref: ClusterRef): string => {
    const server = `https://${unique('law')}.example.com`;
    world.argocd.addresses[server] = ref;
    return server;
  };
  return {
    subject: {
      clients,
      run,
      cluster,
      stack,
      inTurn: pLimit(1),
      argocd: await servedArgocd(running, cluster),
      gitlab: { project: GITLAB_PROJECT, reviewer: REVIEWER },
      newZone: () => newZone(clients, run),
      newRole: () => newRole(clients),
      newEksCluster: async () => seed(world, unique('law'), run),
      async newRegistration() {
        return {
          servers: [endpointOf(running.sandbox, cluster), address(cluster)],
          ca: Buffer.from(running.sandbox.ca).toString('base64'),
          authentication: { ...cluster, roleArn: roleArn(ROLES.argocd) },
        };
      },
      async lockStack() {
        const lock = {
          ID: LOCK,
          Operation: 'OperationTypeApply',
          Info: '',
          Who: 'a@b',
          Version: '1.11.4',
          Created: '2026-11-24T03:00:38Z',
          Path: 'x',
        };
        const s3 = new S3({ region: REGION, forcePathStyle: true });
        await s3.putObject({
          Bucket: estate.terraform.backend.bucket as string,
          Key: `${stack.stateKey}.tflock`,
          Body: JSON.stringify(lock),
        });
        return LOCK;
      },
      async leftovers({ region, cluster: name }) {
        const ids = {
          'elb.load-balancer': `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/net/left/0123456789abcdef`,
          'elb.target-group': `arn:aws:elasticloadbalancing:${region}:111122223333:targetgroup/left/0123456789abcdef`,
          'ec2.instance': 'i-0123456789abcdef0',
          'ec2.launch-template': 'lt-0123456789abcdef0',
          'ec2.volume': 'vol-0123456789abcdef0',
          'ec2.network-interface': 'eni-0123456789abcdef0',
          'ec2.security-group': 'sg-0123456789abcdef0',
          'iam.instance-profile': `${name}_1`,
        };
        putControllerThings(world, region, ids, { 'eks:eks-cluster-name': name });
        return ids;
      },
      async taintStack() {
        const s3 = new S3({ region: REGION, forcePathStyle: true });
        const object = { Bucket: estate.terraform.backend.bucket as string, Key: stack.stateKey };
        await s3.putObject({ ...object, Body: JSON.stringify(taintedState()) });
        return 'aws_eks_cluster.this';
      },
    },
    async close() {
      close();
      await running.stop();
    },
  };
}

function taintedState(): object {
  const instance = {
    status: 'tainted',
    schema_version: 0,
    attributes: { id: 'gone', name: 'gone' },
    sensitive_attributes: [],
    dependencies: [],
  };
  const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
  const cluster = { mode: 'managed', type: 'aws_eks_cluster', name: 'this', provider, instances: [instance] };
  return {
    version: 4,
    terraform_version: '1.11.4',
    serial: 1,
    lineage: crypto.randomUUID(),
    outputs: {},
    resources: [cluster],
    check_results: null,
  };
}

function seed(world: World, name: string, run: string): ClusterRef {
  return seedCluster(world, {
    region: REGION,
    name,
    roleArn: roleArn(ROLES.cluster),
    nodeRole: roleArn(ROLES.node),
    version: '1.34',
    subnetIds: defaultNetwork(world, REGION).subnets.map(({ id }) => id),
    authenticationMode: 'API',
    admins: [roleArn(ROLES.argocd), roleArn(ROLES.runner)],
    tags: { [RUN_TAG]: run },
    nodes: 3,
    createdAt: world.clock,
  });
}
