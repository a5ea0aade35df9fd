import { expect } from 'chai';
import { dumpEks } from '../../../sandbox/eks/dump.ts';
import { dumpElb } from '../../../sandbox/elb/dump.ts';
import { healthOf } from '../../../sandbox/kubernetes/delivery.ts';
import { dumpKubernetes } from '../../../sandbox/kubernetes/dump.ts';
import type { KubeObject } from '../../../sandbox/kubernetes/object.ts';
import { schedule, takeDue } from '../../../sandbox/kubernetes/schedule.ts';
import { seedObjects, settleCluster } from '../../../sandbox/kubernetes/seed.ts';
import { kubernetes } from '../../../sandbox/kubernetes/system.ts';
import type { SandboxRequest } from '../../../sandbox/system.ts';
import type { World } from '../../../sandbox/world.ts';
import { shop, shopWorld, worldClock } from './platform.ts';

const balanced = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }] },
});

const request = (method: string, path: string, query = ''): SandboxRequest => ({
  method,
  path: `/clusters/eu-west-1/shop-prod${path}`,
  query: new URLSearchParams(query),
  headers: {},
  body: Buffer.alloc(0),
});

const stateOf = (world: World) => {
  const state = world.kubernetes.clusters['eu-west-1/shop-prod'];
  if (state === undefined) throw new Error('The seed has no cluster.');
  return state;
};

describe('sandbox: the Kubernetes system', () => {
  it('names operations with their names left out', () => {
    const named = (method: string, path: string): string => kubernetes.operation(request(method, path));
    expect(named('PATCH', '/api/v1/namespaces/shop')).to.equal('PATCH /api/v1/namespaces/{name}');
    expect(named('GET', '/api/v1/namespaces/shop/secrets/a')).to.equal('GET /api/v1/namespaces/{namespace}/secrets/{name}');
    expect(named('PUT', '/apis/apps/v1/namespaces/shop/deployments/a/scale')).to.equal(
      'PUT /apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale',
    );
    expect(named('GET', '/version')).to.equal('GET /version');
  });

  it('counts neither dry runs nor reviews as changes', () => {
    expect(kubernetes.mutates(request('PATCH', '/api/v1/namespaces/shop'))).to.equal(true);
    expect(kubernetes.mutates(request('PATCH', '/api/v1/namespaces/shop', 'dryRun=All'))).to.equal(false);
    expect(kubernetes.mutates(request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'))).to.equal(false);
    expect(kubernetes.mutates(request('GET', '/api/v1/pods'))).to.equal(false);
  });

  it('dumps two worlds alike that were made in another order and by another manager', () => {
    const [one, two] = [shopWorld(), shopWorld()];
    seedObjects(one, shop, [balanced('a'), balanced('b')], 'one', worldClock - 1_000_000);
    seedObjects(two, shop, [balanced('b')], 'two', worldClock - 900_000);
    seedObjects(two, shop, [balanced('a')], 'three', worldClock - 800_000);
    for (const world of [one, two]) settleCluster(world, shop, worldClock);
    const dump = (world: World): unknown => ({
      kubernetes: dumpKubernetes(world.kubernetes),
      eks: dumpEks(world),
      elb: dumpElb(world),
    });
    expect(dump(one)).to.deep.equal(dump(two));
    expect(JSON.stringify(dump(one))).to.contain('k8s-default-a-');
  });

  it('calls a deployment progressing until its pods are ready', () => {
    const world = shopWorld();
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example.com/web:1' }] } };
    const metadata = { name: 'web', namespace: 'default' };
    const web: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } };
    expect(healthOf({ world }, shop, web)).to.equal('Missing');
    seedObjects(world, shop, [web], 'one', worldClock);
    settleCluster(world, shop, worldClock + 5_000);
    expect(healthOf({ world }, shop, web)).to.equal('Progressing');
    settleCluster(world, shop, worldClock + 65_000);
    expect(healthOf({ world }, shop, web)).to.equal('Healthy');
  });

  it('has nothing left to do once a world has settled', () => {
    const world = shopWorld();
    seedObjects(world, shop, [balanced('a')], 'one', worldClock - 1_000_000);
    settleCluster(world, shop, worldClock);
    expect(stateOf(world).queue).to.deep.equal([]);
  });

  it('survives being saved', () => {
    const world = shopWorld();
    const saved = JSON.parse(JSON.stringify(world)) as World;
    expect(saved.kubernetes).to.deep.equal(world.kubernetes);
  });

  it('takes tasks in the order of time, each once, and earlier when asked again', () => {
    const state = stateOf(shopWorld());
    schedule(state, 'late', 30);
    schedule(state, 'soon', 10);
    schedule(state, 'moved', 40);
    schedule(state, 'moved', 20);
    schedule(state, 'soon', 35);
    const taken = [25, 25, 25, 50, 50].map((now) => takeDue(state, now)?.task);
    expect(taken).to.deep.equal(['soon', 'moved', undefined, 'late', undefined]);
  });
});
