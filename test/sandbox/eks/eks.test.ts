import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  DeleteAccessEntryCommand,
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeAccessEntryCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DisassociateAccessPolicyCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAccessPoliciesCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccessEntryCommand,
} from '@aws-sdk/client-eks';
import { CoreV1Api, type KubernetesObject } from '@kubernetes/client-node';
import { expect } from 'chai';
import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { grantAccessKey } from '../../../sandbox/iam/principals.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { clientConfig, errorOf } from '../aws-sandbox.ts';
import { seedLoadBalancerController } from '../kubernetes/load-balancer-controller.ts';
import {
  clusterRole,
  eksToken,
  eventually,
  kubeConfig,
  nodeRole,
  objectApi,
  platformWorld,
  refusal,
  shop,
  startPlatform,
} from '../kubernetes/platform.ts';

const adminPolicy = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';
const viewPolicy = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy';

const subnetsOf = (running: RunningSandbox, region: string): string[] =>
  defaultNetwork(running.sandbox.world, region).subnets.map(({ id }) => id);

describe('sandbox: the life of an EKS cluster', () => {
  let running: RunningSandbox;
  let eks: EKSClient;
  const name = 'shop-drill';
  const input = () => ({
    name,
    version: '1.34',
    roleArn: clusterRole,
    resourcesVpcConfig: { subnetIds: subnetsOf(running, 'eu-central-1') },
    accessConfig: { authenticationMode: 'API' as const },
    tags: { 'eks-dr:run': 'r1' },
    clientRequestToken: 'first',
  });

  before(async () => {
    running = await startPlatform({ world: platformWorld(), scale: 400 });
    eks = new EKSClient(clientConfig(running, { region: 'eu-central-1' }));
  });
  after(() => running.stop());

  it('refuses a cluster for a role that does not exist, an unknown version and too few zones', async () => {
    const role = await errorOf(eks.send(new CreateClusterCommand({ ...input(), roleArn: 'arn:aws:iam::111122223333:role/nobody' })));
    expect(role.name).to.equal('InvalidParameterException');
    expect((await errorOf(eks.send(new CreateClusterCommand({ ...input(), version: '1.2' })))).name).to.equal('InvalidParameterException');
    const one = { subnetIds: subnetsOf(running, 'eu-central-1').slice(0, 1) };
    expect((await errorOf(eks.send(new CreateClusterCommand({ ...input(), resourcesVpcConfig: one })))).message).to.contain(
      'two different AZs',
    );
  });

  it('creates a cluster without an endpoint at first, once per request token', async () => {
    const { cluster } = await eks.send(new CreateClusterCommand(input()));
    expect(cluster).to.include({ status: 'CREATING', version: '1.34', arn: `arn:aws:eks:eu-central-1:111122223333:cluster/${name}` });
    expect(cluster?.endpoint).to.equal(undefined);
    expect(cluster?.createdAt).to.be.instanceOf(Date);
    const again = await eks.send(new CreateClusterCommand(input()));
    expect(again.cluster?.arn).to.equal(cluster?.arn);
    const other = await errorOf(eks.send(new CreateClusterCommand({ ...input(), clientRequestToken: 'second' })));
    expect(other.name).to.equal('ResourceInUseException');
    expect(other.$metadata?.httpStatusCode).to.equal(409);
    const early = await errorOf(eks.send(new CreateAddonCommand({ clusterName: name, addonName: 'coredns' })));
    expect(early.name).to.equal('InvalidRequestException');
  });

  it('becomes active with endpoint, CA and issuer', async () => {
    const { cluster } = await eventually(
      () => eks.send(new DescribeClusterCommand({ name })),
      (answer) => answer.cluster?.status === 'ACTIVE',
    );
    expect(cluster?.endpoint).to.equal(`${running.addresses.kubernetes}/clusters/eu-central-1/${name}`);
    expect(Buffer.from(cluster?.certificateAuthority?.data ?? '', 'base64').toString()).to.equal(running.sandbox.ca);
    expect(cluster?.identity?.oidc?.issuer).to.match(/^https:\/\/oidc\.eks\.eu-central-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/);
    expect(cluster?.resourcesVpcConfig?.clusterSecurityGroupId).to.match(/^sg-0[0-9a-f]{16}$/);
    expect(cluster?.accessConfig?.authenticationMode).to.equal('API');
    expect((await eks.send(new ListClustersCommand({}))).clusters).to.deep.equal([name]);
    const elsewhere = new EKSClient(clientConfig(running));
    expect((await errorOf(elsewhere.send(new DescribeClusterCommand({ name })))).name).to.equal('ResourceNotFoundException');
  }).timeout(10_000);

  it('gets Ready nodes with a node group, and then its add-on runs', async () => {
    const group = { clusterName: name, nodegroupName: 'system', nodeRole, subnets: subnetsOf(running, 'eu-central-1') };
    await eks.send(new CreateAddonCommand({ clusterName: name, addonName: 'coredns' }));
    await eks.send(new CreateNodegroupCommand({ ...group, scalingConfig: { minSize: 3, desiredSize: 3, maxSize: 6 } }));
    const core = (await kubeConfig(running, { region: 'eu-central-1', cluster: name })).makeApiClient(CoreV1Api);
    expect((await core.listNode()).items).to.deep.equal([]);
    await eventually(
      () => eks.send(new DescribeNodegroupCommand({ clusterName: name, nodegroupName: 'system' })),
      ({ nodegroup }) => nodegroup?.status === 'ACTIVE',
    );
    const nodes = await eventually(
      () => core.listNode(),
      ({ items }) =>
        items.length === 3 &&
        items.every((node) => node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')),
    );
    expect(nodes.items[0]?.metadata?.labels?.['eks.amazonaws.com/nodegroup']).to.equal('system');
    await eventually(
      () => eks.send(new DescribeAddonCommand({ clusterName: name, addonName: 'coredns' })),
      ({ addon }) => addon?.status === 'ACTIVE',
    );
    const entry = await eks.send(new DescribeAccessEntryCommand({ clusterName: name, principalArn: nodeRole }));
    expect(entry.accessEntry?.type).to.equal('EC2_LINUX');
  }).timeout(10_000);

  it('tags and untags', async () => {
    const resourceArn = `arn:aws:eks:eu-central-1:111122223333:cluster/${name}`;
    await eks.send(new TagResourceCommand({ resourceArn, tags: { a: '1', b: '2' } }));
    await eks.send(new UntagResourceCommand({ resourceArn, tagKeys: ['b', 'eks-dr:run'] }));
    expect((await eks.send(new ListTagsForResourceCommand({ resourceArn }))).tags).to.deep.equal({ a: '1' });
  });

  it('answers 501 for what it does not serve', async () => {
    const error = await errorOf(eks.send(new ListFargateProfilesCommand({ clusterName: name })));
    expect(error.$metadata?.httpStatusCode).to.equal(501);
  });

  it('goes only after its node groups, and leaves its load balancers behind', async () => {
    expect((await errorOf(eks.send(new DeleteClusterCommand({ name })))).name).to.equal('ResourceInUseException');
    const at = { region: 'eu-central-1', cluster: name };
    seedLoadBalancerController(running.sandbox.world, at, nodeRole, running.sandbox.clock.now());
    const api = await objectApi(running, at);
    // Its webhook refuses every Service until a pod of it answers.
    const webhook = { name: 'aws-load-balancer-webhook-service', namespace: 'kube-system' };
    await eventually(
      () => api.read({ apiVersion: 'v1', kind: 'Endpoints', metadata: webhook }).catch(() => null),
      (found) => (found as { subsets?: { addresses?: object[] }[] } | null)?.subsets?.[0]?.addresses !== undefined,
    );
    const spec = { type: 'LoadBalancer', selector: { app: 'a' }, ports: [{ port: 80 }] };
    await api.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'edge', namespace: 'default' }, spec } as KubernetesObject);
    const balancers = () => Object.values(running.sandbox.world.elb.regions['eu-central-1']?.loadBalancers ?? {});
    await eventually(
      async () => balancers().length,
      (count) => count === 1,
    );
    await eks.send(new DeleteNodegroupCommand({ clusterName: name, nodegroupName: 'system' }));
    await eventually(
      () => eks.send(new ListNodegroupsCommand({ clusterName: name })),
      ({ nodegroups }) => nodegroups?.length === 0,
    );
    expect((await eks.send(new DeleteClusterCommand({ name }))).cluster?.status).to.equal('DELETING');
    await eventually(
      () => eks.send(new ListClustersCommand({})),
      ({ clusters }) => clusters?.length === 0,
    );
    expect(balancers()[0]?.tags).to.include({ 'elbv2.k8s.aws/cluster': name, 'service.k8s.aws/stack': 'default/edge' });
  }).timeout(10_000);
});

describe('sandbox: EKS access entries', () => {
  let running: RunningSandbox;
  let eks: EKSClient;
  const clusterName = shop.cluster;
  const principalArn = 'arn:aws:iam::111122223333:role/argocd-management';

  before(async () => {
    // Slow enough that a call comes before the change of access arrives.
    running = await startPlatform({ scale: 10 });
    eks = new EKSClient(clientConfig(running));
  });
  after(() => running.stop());

  it('refuses system groups, session ARNs, unknown types and unknown policies', async () => {
    const create = (more: object): Promise<Error> =>
      errorOf(eks.send(new CreateAccessEntryCommand({ clusterName, principalArn, ...more })));
    expect((await create({ kubernetesGroups: ['system:masters'] })).name).to.equal('InvalidParameterException');
    expect((await create({ principalArn: 'arn:aws:sts::111122223333:assumed-role/a/b' })).name).to.equal('InvalidParameterException');
    expect((await create({ type: 'LINUX' })).name).to.equal('InvalidParameterException');
    expect((await create({ clusterName: 'nothing' })).name).to.equal('ResourceNotFoundException');
  });

  it('creates, updates, lists and describes an entry, and refuses a second one', async () => {
    const { accessEntry } = await eks.send(
      new CreateAccessEntryCommand({ clusterName, principalArn, kubernetesGroups: ['viewers'], tags: { a: 'b' } }),
    );
    expect(accessEntry).to.deep.include({ type: 'STANDARD', kubernetesGroups: ['viewers'], tags: { a: 'b' }, principalArn });
    const twice = await errorOf(eks.send(new CreateAccessEntryCommand({ clusterName, principalArn })));
    expect(twice.name).to.equal('ResourceInUseException');
    const updated = await eks.send(new UpdateAccessEntryCommand({ clusterName, principalArn, kubernetesGroups: [] }));
    expect(updated.accessEntry?.kubernetesGroups).to.deep.equal([]);
    const page = await eks.send(new ListAccessEntriesCommand({ clusterName, maxResults: 1 }));
    const rest = await eks.send(new ListAccessEntriesCommand({ clusterName, nextToken: page.nextToken }));
    expect([...(page.accessEntries ?? []), ...(rest.accessEntries ?? [])]).to.include(principalArn);
  });

  it('associates policies that exist, with a scope', async () => {
    const associate = (policyArn: string, accessScope: object) =>
      eks.send(new AssociateAccessPolicyCommand({ clusterName, principalArn, policyArn, accessScope }));
    expect((await errorOf(associate('arn:aws:eks::aws:cluster-access-policy/Nothing', { type: 'cluster' }))).name).to.equal(
      'InvalidParameterException',
    );
    expect((await errorOf(associate(viewPolicy, { type: 'namespace' }))).name).to.equal('InvalidParameterException');
    const { associatedAccessPolicy } = await associate(adminPolicy, { type: 'cluster' });
    expect(associatedAccessPolicy?.policyArn).to.equal(adminPolicy);
    const listed = await eks.send(new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn }));
    expect(listed.associatedAccessPolicies?.map(({ policyArn }) => policyArn)).to.deep.equal([adminPolicy]);
    await eks.send(new DisassociateAccessPolicyCommand({ clusterName, principalArn, policyArn: adminPolicy }));
    const all = await eks.send(new ListAccessPoliciesCommand({}));
    expect(all.accessPolicies?.map(({ arn }) => arn)).to.include.members([adminPolicy, viewPolicy]);
    await eks.send(new DeleteAccessEntryCommand({ clusterName, principalArn }));
    expect((await errorOf(eks.send(new DescribeAccessEntryCommand({ clusterName, principalArn })))).name).to.equal(
      'ResourceNotFoundException',
    );
  });

  it('lets a principal in some seconds after its entry, as far as its policies go', async () => {
    const user = 'arn:aws:iam::111122223333:user/viewer';
    const keys = { accessKeyId: 'AKIAIOSFODNN7VIEWER0', secretAccessKey: 'viewer' };
    grantAccessKey(running.sandbox.world, { accessKeyId: keys.accessKeyId, secret: keys.secretAccessKey, principal: user, allow: [] });
    const viewer = await objectApi(running, shop, await eksToken(clusterName, shop.region, keys));
    await eks.send(new CreateAccessEntryCommand({ clusterName, principalArn: user }));
    expect(await refusal(viewer.list('v1', 'ConfigMap', 'default'))).to.include({ code: 401 });
    await eks.send(
      new AssociateAccessPolicyCommand({ clusterName, principalArn: user, policyArn: viewPolicy, accessScope: { type: 'cluster' } }),
    );
    await eventually(
      () =>
        viewer.list('v1', 'ConfigMap', 'default').then(
          () => true,
          () => false,
        ),
      (answer) => answer,
    );
    const write = viewer.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } });
    expect(await refusal(write)).to.include({ code: 403, reason: 'Forbidden' });
    expect(await refusal(viewer.list('v1', 'Secret', 'default'))).to.include({ code: 403 });
  });
});
