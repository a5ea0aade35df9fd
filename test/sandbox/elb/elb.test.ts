import { DeleteSubnetCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  AddTagsCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CoreV1Api, type KubernetesObject, NetworkingV1Api } from '@kubernetes/client-node';
import { expect } from 'chai';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { clientConfig, errorOf } from '../aws-sandbox.ts';
import { eventually, kubeConfig, objectApi, startPlatform } from '../kubernetes/platform.ts';

const annotation = 'service.beta.kubernetes.io/aws-load-balancer-';

describe('sandbox: load balancers of a cluster', () => {
  let running: RunningSandbox;
  let elb: ElasticLoadBalancingV2Client;
  let core: CoreV1Api;
  let networking: NetworkingV1Api;
  let create: (object: object) => Promise<KubernetesObject>;

  before(async () => {
    running = await startPlatform();
    elb = new ElasticLoadBalancingV2Client(clientConfig(running));
    const config = await kubeConfig(running);
    core = config.makeApiClient(CoreV1Api);
    networking = config.makeApiClient(NetworkingV1Api);
    const api = await objectApi(running);
    create = (object) => api.create(object as KubernetesObject);
    const labels = { app: 'edge' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example.com/edge:1' }] } };
    await create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'edge', namespace: 'default' },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    });
  });
  after(() => running.stop());

  const balancerOf = async (hostname: string) => {
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    return LoadBalancers.find(({ DNSName }) => DNSName === hostname);
  };

  it('gives a Service of type LoadBalancer a network load balancer with healthy targets', async () => {
    const annotations = {
      [`${annotation}type`]: 'external',
      [`${annotation}scheme`]: 'internet-facing',
      [`${annotation}nlb-target-type`]: 'ip',
    };
    const spec = { type: 'LoadBalancer', selector: { app: 'edge' }, ports: [{ name: 'https', port: 443, targetPort: 8443 }] };
    await create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'edge', namespace: 'default', annotations }, spec });
    const service = await eventually(
      () => core.readNamespacedService({ namespace: 'default', name: 'edge' }),
      ({ status }) => status?.loadBalancer?.ingress?.[0]?.hostname !== undefined,
    );
    expect(service.metadata?.finalizers).to.deep.equal(['service.k8s.aws/resources']);
    const hostname = service.status?.loadBalancer?.ingress?.[0]?.hostname ?? '';
    expect(hostname).to.match(/^k8s-default-edge-[0-9a-f]{10}-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/);
    const balancer = await balancerOf(hostname);
    expect(balancer).to.include({ Type: 'network', Scheme: 'internet-facing', CanonicalHostedZoneId: 'Z2IFOLAFXWLO4F' });
    // On a busy machine it is active by now.
    const made = running.sandbox.world.elb.regions['eu-west-1']?.loadBalancers[balancer?.LoadBalancerArn ?? ''];
    expect(made?.activeAt).to.be.at.least((made?.createdAt ?? 0) + 120_000);
    await eventually(
      () => balancerOf(hostname),
      (answer) => answer?.State?.Code === 'active',
    );
    const LoadBalancerArn = balancer?.LoadBalancerArn ?? '';
    const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    expect(Listeners?.map(({ Port, Protocol }) => `${Protocol} ${Port}`)).to.deep.equal(['TCP 443']);
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
    expect(TargetGroups?.[0]).to.include({ TargetType: 'ip', Port: 8443 });
    await eventually(
      () => elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn })),
      ({ TargetHealthDescriptions: all = [] }) => all.length === 2 && all.every((each) => each.TargetHealth?.State === 'healthy'),
    );
    const { TagDescriptions } = await elb.send(new DescribeTagsCommand({ ResourceArns: [LoadBalancerArn] }));
    const tags = Object.fromEntries((TagDescriptions?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    expect(tags).to.include({ 'elbv2.k8s.aws/cluster': 'shop-prod', 'service.k8s.aws/stack': 'default/edge' });
    const SubnetId = balancer?.AvailabilityZones?.[0]?.SubnetId ?? '';
    const kept = new EC2Client(clientConfig(running)).send(new DeleteSubnetCommand({ SubnetId }));
    expect((await errorOf(kept)).name, 'its network interfaces hold the subnet').to.equal('DependencyViolation');
  });

  it('gives Ingresses of one group one application load balancer', async () => {
    const annotations = { 'alb.ingress.kubernetes.io/group.name': 'shared', 'alb.ingress.kubernetes.io/target-type': 'ip' };
    const backend = { service: { name: 'edge', port: { number: 443 } } };
    const ingress = (name: string): object => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, namespace: 'default', annotations },
      spec: {
        ingressClassName: 'alb',
        rules: [{ host: `${name}.example.com`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      },
    });
    await create(ingress('one'));
    await create(ingress('two'));
    const hostOf = async (name: string) =>
      (await networking.readNamespacedIngress({ namespace: 'default', name })).status?.loadBalancer?.ingress?.[0]?.hostname;
    const host = await eventually(
      () => hostOf('one'),
      (answer) => answer !== undefined,
    );
    expect(host).to.match(/^internal-k8s-.*\.eu-west-1\.elb\.amazonaws\.com$/);
    expect(
      await eventually(
        () => hostOf('two'),
        (answer) => answer !== undefined,
      ),
    ).to.equal(host);
    expect(await balancerOf(host ?? '')).to.include({ Type: 'application', Scheme: 'internal', CanonicalHostedZoneId: 'Z32O12XQLNTSW2' });
    await networking.deleteNamespacedIngress({ namespace: 'default', name: 'one' });
    const listed = () => networking.listNamespacedIngress({ namespace: 'default' });
    await eventually(listed, ({ items }) => items.length === 1);
    expect(await balancerOf(host ?? '')).to.not.equal(undefined);
    await networking.deleteNamespacedIngress({ namespace: 'default', name: 'two' });
    await eventually(listed, ({ items }) => items.length === 0);
    expect(await balancerOf(host ?? '')).to.equal(undefined);
  });

  it('pages, and refuses unknown names and too many ARNs', async () => {
    await create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'other', namespace: 'default' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    });
    await eventually(
      () => elb.send(new DescribeLoadBalancersCommand({})),
      ({ LoadBalancers }) => LoadBalancers?.length === 2,
    );
    const first = await elb.send(new DescribeLoadBalancersCommand({ PageSize: 1 }));
    const second = await elb.send(new DescribeLoadBalancersCommand({ PageSize: 1, Marker: first.NextMarker }));
    expect(second.NextMarker).to.equal(undefined);
    expect(second.LoadBalancers?.[0]?.LoadBalancerArn).to.not.equal(first.LoadBalancers?.[0]?.LoadBalancerArn);
    expect((await errorOf(elb.send(new DescribeLoadBalancersCommand({ Names: ['nothing'] })))).name).to.equal(
      'LoadBalancerNotFoundException',
    );
    const arn = first.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    expect((await errorOf(elb.send(new DescribeTagsCommand({ ResourceArns: Array.from({ length: 21 }, () => arn) })))).name).to.equal(
      'ValidationError',
    );
    const elsewhere = new ElasticLoadBalancingV2Client(clientConfig(running, { region: 'eu-central-1' }));
    expect((await elsewhere.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).to.deep.equal([]);
  });

  it('removes the load balancer with its Service', async () => {
    const held = await core.deleteNamespacedService({ namespace: 'default', name: 'other' });
    expect(held.metadata?.deletionTimestamp).to.be.instanceOf(Date);
    await eventually(
      () => elb.send(new DescribeLoadBalancersCommand({})),
      ({ LoadBalancers }) => LoadBalancers?.length === 1,
    );
    const left = await core.listNamespacedService({ namespace: 'default', fieldSelector: 'metadata.name=other' });
    expect(left.items).to.deep.equal([]);
  });

  it('lets orphans be tagged and deleted: the listeners first, then the target groups', async () => {
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    await elb.send(
      new AddTagsCommand({
        ResourceArns: [LoadBalancerArn],
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await elb.send(new RemoveTagsCommand({ ResourceArns: [LoadBalancerArn], TagKeys: ['a'] }));
    const { TagDescriptions } = await elb.send(new DescribeTagsCommand({ ResourceArns: [LoadBalancerArn] }));
    expect(TagDescriptions?.[0]?.Tags?.map(({ Key }) => Key))
      .to.include('b')
      .and.not.include('a');
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    expect((await errorOf(elb.send(new DeleteTargetGroupCommand({ TargetGroupArn })))).name).to.equal('ResourceInUseException');
    await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    expect((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups).to.deep.equal([]);
  });
});
