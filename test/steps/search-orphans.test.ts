import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { defaultNetwork } from '../../sandbox/ec2/network.ts';
import { seedCluster } from '../../sandbox/kubernetes/seed.ts';
import { DRILL_ZONE, ROLES, roleArn } from '../../sandbox/worlds/names.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { stackOf } from '../../steps/clients/terraform-stack-ref.ts';
import type { Plan } from '../../steps/kit/plan.ts';
import { RUN_LABEL, RUN_TAG, recoveryClusterName, recoveryFolder } from '../../steps/naming.ts';
import { searchOrphans } from '../../steps/search-orphans.ts';
import { mountOf } from '../../steps/vault/mount.ts';
import { putControllerThings } from '../attacks/controller-things.ts';
import { estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';

const REGION = 'eu-central-1';
const SYSTEMS = [
  'Route 53',
  'CloudFront',
  'API Gateway',
  'Argo CD',
  'GitLab',
  'Vault',
  'EKS',
  'Elastic Load Balancing',
  'EC2',
  'IAM',
  'Terraform',
];
const estate = estateWith();
const run = runWith();
/** Somebody else's run, whose name ours begins with. */
const other = runWith({ id: `${run.id}-b` });

describe('the search for orphans', function () {
  this.timeout(60_000);
  let remote: FullRemote;
  let clients: Clients;
  beforeEach(async () => {
    remote = await startFullRemote(shopWorld({ services: 'small' }));
    clients = remote.clients({ estate, run });
  });
  afterEach(() => remote.stop());

  async function search(plans: readonly Plan[] = []) {
    const { clock, log, signal } = clients;
    const folder = { records: {}, plans };
    return searchOrphans.finish({ estate, run, clients, clock, log, signal, needs: {}, folder, allSteps: async () => [] });
  }

  it('finds nothing in a world in which the run has left nothing, whatever others have', async () => {
    await leaveEverywhere(remote, clients, other);
    const { orphans, unasked, asked } = await search();
    expect(orphans).to.deep.equal([]);
    expect(unasked).to.deep.equal([]);
    expect(asked).to.have.members([...SYSTEMS, 'EC2 of other regions']);
  });

  it('finds what is left in each system, says where it is and how to remove it', async () => {
    await leaveEverywhere(remote, clients, run);
    const { orphans, unasked } = await search([pointing(run.id)]);
    expect(unasked).to.deep.equal([]);
    expect(
      orphans.map(({ system, what }) => `${system}: ${what.replaceAll(run.id, 'RUN').replace(/https:\S+!?\d+$/, '!')}`).toSorted(),
    ).to.deep.equal(
      [
        'API Gateway: VPC link left-RUN',
        'Argo CD: application left-RUN',
        'Argo CD: project left-RUN',
        'Argo CD: destination shop-RUN of project platform',
        'CloudFront: VPC origin eks-dr-RUN-left',
        'EC2: instance i-00000000000000001',
        'EC2: launch-template lt-00000000000000001',
        'EC2: network-interface eni-00000000000000001',
        'EC2: security-group sg-00000000000000001',
        'EC2: volume vol-00000000000000001',
        `EC2: vpc ${(await vpcIds(clients, run.id)).join()}`,
        'EKS: cluster shop-RUN (ACTIVE)',
        'Elastic Load Balancing: load balancer left',
        'Elastic Load Balancing: target group left',
        'GitLab: open merge request !',
        'GitLab: branch eks-dr/RUN',
        'IAM: OIDC provider https://oidc.example.com/id/RUN',
        'IAM: instance profile shop-RUN_1',
        'IAM: policy left-RUN',
        'IAM: role left-RUN',
        'Route 53: record CNAME left.drill.shop.example.com. to new-RUN.elb.eu-central-1.amazonaws.com',
        'Terraform: aws_vpc.this',
        'Vault: auth method auth/kubernetes-shop-RUN',
      ].toSorted(),
    );
    for (const { where, remove } of orphans) expect([where, remove]).to.not.include('');
  });

  it('does not call clean what did not answer', async () => {
    remote.running.faults.add({ system: 'vault', operation: '*', times: 'always', effect: { status: 403 } });
    const { asked, unasked, orphans } = await search();
    expect(orphans).to.deep.equal([]);
    expect(unasked.map(({ system }) => system)).to.deep.equal(['Vault']);
    expect(asked).to.not.include('Vault');
  });
});

/** One thing in each system, with the marks of this run. */
async function leaveEverywhere({ running }: FullRemote, clients: Clients, { id }: { readonly id: string }): Promise<void> {
  const { world } = running.sandbox;
  const name = recoveryClusterName(estate, { id });
  const digit = id === run.id ? '1' : '2';
  const hex = digit.padStart(17, '0');
  const balancing = `arn:aws:elasticloadbalancing:${REGION}:111122223333`;
  seedCluster(world, {
    region: REGION,
    name,
    roleArn: roleArn(ROLES.cluster),
    nodeRole: roleArn(ROLES.node),
    version: '1.34',
    subnetIds: defaultNetwork(world, REGION).subnets.map((subnet) => subnet.id),
    authenticationMode: 'API',
    admins: [],
    tags: { [RUN_TAG]: id },
    nodes: 1,
    createdAt: world.clock,
  });
  putControllerThings(
    world,
    REGION,
    {
      'elb.load-balancer': `${balancing}:loadbalancer/net/left/${digit}`,
      'elb.target-group': `${balancing}:targetgroup/left/${digit}`,
      'ec2.instance': `i-${hex}`,
      'ec2.launch-template': `lt-${hex}`,
      'ec2.volume': `vol-${hex}`,
      'ec2.network-interface': `eni-${hex}`,
      'ec2.security-group': `sg-${hex}`,
      'iam.instance-profile': `${name}_1`,
    },
    {
      'elbv2.k8s.aws/cluster': name,
      'cluster.k8s.amazonaws.com/name': name,
      [`kubernetes.io/cluster/${name}`]: 'owned',
      'karpenter.k8s.aws/cluster': name,
    },
  );
  const Tags = [{ Key: RUN_TAG, Value: id }];
  await (await clients.ec2(REGION)).createVpc({ CidrBlock: '10.9.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags }] });
  await leaveEndpoints(clients, id, `${balancing}:loadbalancer/net/left/${digit}`);
  const iam = await clients.iam();
  const statement = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.createRole({ RoleName: `left-${id}`, AssumeRolePolicyDocument: trust, Tags });
  const nothing = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] });
  await iam.createPolicy({ PolicyName: `left-${id}`, PolicyDocument: nothing, Tags });
  await iam.createOpenIDConnectProvider({ Url: `https://oidc.example.com/id/${id}`, ClientIDList: ['sts.amazonaws.com'], Tags });
  await leaveInPlatform(clients, id, name);
  const stack = stackOf(estate, { id, target: run.target });
  const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
  const instances = [{ schema_version: 1, attributes: { id: 'vpc-1' }, sensitive_attributes: [], dependencies: [] }];
  const state = {
    version: 4,
    terraform_version: '1.11.4',
    serial: 1,
    lineage: crypto.randomUUID(),
    outputs: {},
    resources: [{ mode: 'managed', type: 'aws_vpc', name: 'this', provider, instances }],
    check_results: null,
  };
  const Bucket = estate.terraform.backend.bucket as string;
  await new S3({ region: REGION, forcePathStyle: true }).putObject({ Bucket, Key: stack.stateKey, Body: JSON.stringify(state) });
  const record = {
    Name: `left${digit === '1' ? '' : digit}.${DRILL_ZONE.name}`,
    Type: 'CNAME' as const,
    TTL: 60,
    ResourceRecords: [{ Value: target(id) }],
  };
  const ChangeBatch = { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet: record }] };
  await (await clients.route53()).changeResourceRecordSets({ HostedZoneId: DRILL_ZONE.id, ChangeBatch });
}

async function leaveEndpoints(clients: Clients, id: string, Arn: string): Promise<void> {
  const endpoint = { Name: `eks-dr-${id}-left`, Arn, HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' as const };
  const Tags = { Items: [{ Key: RUN_TAG, Value: id }] };
  await (await clients.cloudfront()).createVpcOrigin({ VpcOriginEndpointConfig: endpoint, Tags });
  const { Subnets = [] } = await (await clients.ec2(REGION)).describeSubnets({});
  const SubnetIds = Subnets.slice(0, 1).flatMap(({ SubnetId }) => SubnetId ?? []);
  await (await clients.apiGatewayV2(REGION)).createVpcLink({ Name: `left-${id}`, SubnetIds, Tags: { [RUN_TAG]: id } });
}

async function leaveInPlatform(clients: Clients, id: string, name: string): Promise<void> {
  const argocd = await clients.argocd();
  const labels = { [RUN_LABEL]: id };
  const spec = { sourceRepos: ['*'], destinations: [{ name: 'shop-prod', namespace: '*' }] };
  await argocd.createProject({ metadata: { name: `left-${id}`, labels }, spec });
  const [like] = await argocd.listApplications({ name: 'cart-api' });
  await argocd.createApplication({ metadata: { name: `left-${id}`, labels }, spec: { ...like?.spec, project: `left-${id}` } });
  const platform = (await argocd.listProjects()).find(({ metadata }) => metadata.name === 'platform');
  if (platform !== undefined) {
    const destinations = [...platform.spec.destinations, { name, namespace: '*' }];
    await argocd.updateProject('platform', { ...platform, spec: { ...platform.spec, destinations } });
  }
  const gitlab = await clients.gitlab();
  const { project } = estate.gitlab;
  const path = `${recoveryFolder(estate.gitlab, name)}/left.yaml`;
  await gitlab.createBranch(project, `eks-dr/${id}`, 'main');
  await gitlab.commit(project, `eks-dr/${id}`, 'Leave a file', [{ action: 'create', path, content: 'a: b\n' }]);
  await gitlab.createMergeRequest(project, `eks-dr/${id}`, 'main', { title: 'Left', description: '', reviewerIds: [] });
  if (estate.vault === undefined) return;
  await (await clients.vault()).enableKubernetesAuth(mountOf(estate.vault, name), `eks-dr run=${id}`);
}

function target(id: string): string {
  return `new-${id}.elb.eu-central-1.amazonaws.com`;
}

/** A plan of the run by which a record came to point to its load balancer. */
function pointing(id: string): Plan {
  return {
    schema: 1,
    run: id,
    step: 'switch-route53',
    attempt: 1,
    direction: 'forward',
    items: [
      {
        kind: 'route53.record',
        id: { zone: DRILL_ZONE.id, type: 'CNAME', name: 'left.drill.shop.example.com', set: '' },
        before: { alias: null, ttl: 60, values: ['old.elb.eu-west-1.amazonaws.com'], routing: {} },
        after: { alias: null, ttl: 60, values: [target(id)], routing: {} },
      },
    ],
    digest: '',
    changes: { create: 0, update: 1, delete: 0 },
    expectedSeconds: 0,
    digestKey: null,
    leftAlone: [],
    needs: {},
    estate: { parts: [], digest: '' },
    createdAt: '2026-01-05T09:00:00Z',
  };
}

async function vpcIds(clients: Clients, id: string): Promise<string[]> {
  const { Vpcs = [] } = await (await clients.ec2(REGION)).describeVpcs({ Filters: [{ Name: `tag:${RUN_TAG}`, Values: [id] }] });
  return Vpcs.flatMap(({ VpcId }) => VpcId ?? []);
}
