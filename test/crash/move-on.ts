import { setTimeout as delay } from 'node:timers/promises';
import { EC2 } from '@aws-sdk/client-ec2';
import { EKS } from '@aws-sdk/client-eks';
import { IAM } from '@aws-sdk/client-iam';
import { commitFiles, readBlob } from '../../sandbox/gitlab/repository.ts';
import { applyManifest, listObjects } from '../../sandbox/kubernetes/delivery.ts';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { GITLAB_PROJECT, RECOVERY_REGION as REGION, REVIEWER, ROLES, roleArn } from '../../sandbox/worlds/names.ts';
import { clientConfig } from '../sandbox/aws-sandbox.ts';

type Manifest = Parameters<typeof applyManifest>[2];

/** What people and controllers do while the cluster of a run stands: each answers once it is done. */
export async function moveOn(running: RunningSandbox, cluster: string): Promise<void> {
  await editGit(running, cluster);
  editVault(running, cluster);
  await editIam(running, cluster);
  await editEks(running, cluster);
  editObjects(running, cluster);
  await grow(running, cluster);
}

/** Karpenter's instances for a cluster, those that run. */
export async function karpenterInstances(running: RunningSandbox, cluster: string): Promise<number> {
  const ec2 = new EC2(clientConfig(running, { region: REGION }));
  const Filters = [
    { Name: `tag:kubernetes.io/cluster/${cluster}`, Values: ['owned'] },
    { Name: 'tag-key', Values: ['karpenter.sh/nodeclaim'] },
    { Name: 'instance-state-name', Values: ['running'] },
  ];
  const { Reservations = [] } = await ec2.describeInstances({ Filters });
  return Reservations.flatMap(({ Instances = [] }) => Instances).length;
}

/** A new image for a service, which Argo CD syncs, and a file that was not there, in the folder of the run. */
async function editGit({ sandbox }: RunningSandbox, cluster: string): Promise<void> {
  const project = sandbox.world.gitlab.projects[GITLAB_PROJECT];
  const path = `recovery/${cluster}/catalog/cart-api.yaml`;
  const text = readBlob(sandbox.world, GITLAB_PROJECT, 'main', path)?.toString();
  if (project === undefined || text === undefined) throw new Error(`there is no ${path}`);
  commitFiles(project, {
    branch: 'main',
    message: 'Cart 1.8.5',
    author: { name: 'Rae Viewer', email: `${REVIEWER}@example.com` },
    at: sandbox.clock.now(),
    files: { [path]: text.replace("'1.8.4'", "'1.8.5'"), [`recovery/${cluster}/notes.md`]: 'Mind the cart.\n' },
  });
  await until('Argo CD deployed the new image', () =>
    listObjects(sandbox.world, { region: REGION, cluster }, 'Deployment').some((object) =>
      JSON.stringify(object.spec).includes('shop/cart-api:1.8.5'),
    ),
  );
}

/** A role of the run, and one of somebody's own. */
function editVault({ sandbox }: RunningSandbox, cluster: string): void {
  const roles = sandbox.world.vault.kubernetes[`kubernetes-${cluster}`]?.roles;
  const role = roles?.['cart-api'];
  if (roles === undefined || role === undefined) throw new Error('the run made no role cart-api');
  roles['cart-api'] = { ...role, token_ttl: 60 };
  roles['by-hand'] = { ...role, token_policies: ['default'] };
}

/** Another trust policy, a policy written into a role, and one attached to it. */
async function editIam(running: RunningSandbox, cluster: string): Promise<void> {
  const iam = new IAM(clientConfig(running));
  const trust = document({ Effect: 'Allow', Principal: { AWS: roleArn(ROLES.admin) }, Action: 'sts:AssumeRole' });
  await iam.updateAssumeRolePolicy({ RoleName: `${cluster}-load-balancer-controller`, PolicyDocument: trust });
  const RoleName = `${cluster}-karpenter-node`;
  const logs = document({ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' });
  await iam.putRolePolicy({ RoleName, PolicyName: 'by-hand', PolicyDocument: logs });
  await iam.attachRolePolicy({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy' });
}

function document(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** Somebody else may in, and something else reaches the nodes. */
async function editEks(running: RunningSandbox, clusterName: string): Promise<void> {
  const eks = new EKS(clientConfig(running, { region: REGION }));
  await eks.createAccessEntry({ clusterName, principalArn: roleArn(ROLES.node) });
  const { cluster } = await eks.describeCluster({ name: clusterName });
  const ec2 = new EC2(clientConfig(running, { region: REGION }));
  await ec2.authorizeSecurityGroupIngress({
    GroupId: cluster?.resourcesVpcConfig?.clusterSecurityGroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 9100, ToPort: 9100, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
  });
}

/** A label of a namespace, and what stands in a Secret. */
function editObjects({ sandbox }: RunningSandbox, cluster: string): void {
  const apply = (object: Manifest) => applyManifest(sandbox, { region: REGION, cluster }, object, 'kubectl');
  apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cart', labels: { 'example.com/recovered': 'by-hand' } } });
  const data = { licenseKey: Buffer.from('another licence').toString('base64') };
  apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'newrelic-license', namespace: 'cart' }, data });
}

/** A Deployment is scaled for its load, as an autoscaler does, and Karpenter brings nodes for it. */
async function grow(running: RunningSandbox, cluster: string): Promise<void> {
  const { sandbox } = running;
  const apply = (object: Manifest, by: string) => applyManifest(sandbox, { region: REGION, cluster }, object, by);
  const metadata = { name: 'load', namespace: 'cart' };
  const labels = { app: 'load' };
  const pod = { nodeSelector: { 'karpenter.sh/nodepool': 'default' }, containers: [{ name: 'load', image: 'example.com/load:1' }] };
  const workload = { apiVersion: 'apps/v1', kind: 'Deployment', metadata };
  apply({ ...workload, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } } }, 'kubectl');
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'load' };
  const scaling = { scaleTargetRef, minReplicas: 1, maxReplicas: 150 };
  apply({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata, spec: scaling }, 'kubectl');
  const before = await karpenterInstances(running, cluster);
  apply({ ...workload, spec: { replicas: 130 } }, 'horizontal-pod-autoscaler');
  await until('Karpenter brought nodes', async () => (await karpenterInstances(running, cluster)) > before);
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 200; looks += 1) {
    if (await holds()) return;
    await delay(100);
  }
  throw new Error(`never came to pass: ${what}`);
}
