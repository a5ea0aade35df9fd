import { expect } from 'chai';
import type { ArgoApplication } from '../../../steps/clients/argocd.ts';
import { argoApplication } from '../../../steps/clients/argocd-shapes.ts';
import type { KubernetesObject, KubernetesType, ListOptions } from '../../../steps/clients/kubernetes.ts';
import { alike } from '../../../steps/health/alike.ts';
import { causeLines } from '../../../steps/health/cause-lines.ts';
import { clusterCauses } from '../../../steps/health/cluster-causes.ts';
import { judgeServices } from '../../../steps/health/judge-services.ts';
import { failure } from '../../failure.ts';

const REGISTRY = '111122223333.dkr.ecr.eu-central-1.amazonaws.com';
const HASH = '7d8f6c9b54';

const waiting = (reason: string, message = '', change: object = {}) => ({
  name: 'app',
  image: `${REGISTRY}/shop/cart:1`,
  ready: false,
  restartCount: 0,
  state: { waiting: { reason, message } },
  ...change,
});
const crashed = (end: object, name = 'app') =>
  waiting('CrashLoopBackOff', 'back-off 2m40s restarting failed container=app pod=cart-1_cart(0a1b)', {
    name,
    restartCount: 4,
    lastState: { terminated: { reason: 'Error', ...end } },
  });

/** A pod of the Deployment `service` in the namespace of the same name. */
function podOf(service: string, status: object, number = 1): KubernetesObject {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${service}-${HASH}`, uid: '1', controller: true };
  const metadata = {
    name: `${service}-${HASH}-x2k${number}z`,
    namespace: service,
    ownerReferences: [owner],
    creationTimestamp: '2026-01-05T09:00:00Z',
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, status: { phase: 'Pending', ...status } } as KubernetesObject;
}

function warning(
  kind: string,
  namespace: string,
  name: string,
  reason: string,
  message: string,
  at = '2026-01-05T09:05:00Z',
): KubernetesObject {
  const involvedObject = { kind, namespace, name };
  return { apiVersion: 'v1', kind: 'Event', metadata: { name: `${name}.1` }, involvedObject, reason, message, lastTimestamp: at } as never;
}
const ofPod = (service: string, reason: string, message: string) => warning('Pod', service, `${service}-${HASH}-x2k1z`, reason, message);

const applicationOf = (service: string): ArgoApplication =>
  argoApplication.parse({
    metadata: { name: `${service}-new` },
    spec: {},
    status: {
      sync: { status: 'Synced' },
      health: { status: 'Progressing' },
      resources: [{ group: 'apps', kind: 'Deployment', namespace: service, name: service }],
    },
  });

async function causesOf(pods: readonly KubernetesObject[], events: readonly KubernetesObject[] = [], services = ['cart']) {
  const list = async ({ kind }: KubernetesType, options?: ListOptions) => {
    if (kind === 'Event') expect(options).to.deep.equal({ fieldSelector: 'type=Warning' });
    return kind === 'Pod' ? pods : events;
  };
  return clusterCauses({ list }, services.map(applicationOf));
}

async function causeOf(status: object, ...events: KubernetesObject[]) {
  return (await causesOf([podOf('cart', status)], events)).get('cart-new');
}

describe('why a service is not healthy, as its cluster tells it', () => {
  it('is an image that its registry does not have, will not give, or a registry that cannot be reached', async () => {
    const image = `${REGISTRY}/shop/cart:1`;
    const because = (message: string) => causeOf({ containerStatuses: [waiting('ImagePullBackOff', message)] });
    const failed = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    const about = 'shop/cart:1';
    expect(await because(`Back-off pulling image "${image}": ErrImagePull: ${failed}`)).to.deep.equal({
      what: `no such image in ${REGISTRY}`,
      about,
    });
    const denied = `unexpected status from HEAD request to https://${REGISTRY}/v2/shop/cart/manifests/1: 403 Forbidden`;
    expect(await because(denied)).to.deep.equal({ what: `the nodes may pull no image from ${REGISTRY}`, about });
    const away = `failed to do request: Head "https://${REGISTRY}/v2/": dial tcp 10.0.0.9:443: i/o timeout`;
    expect(await because(away)).to.deep.equal({ what: `the nodes can't reach ${REGISTRY}`, about });
    expect(await causeOf({ containerStatuses: [waiting('InvalidImageName', 'x', { image: 'a b' })] })).to.deep.equal({
      what: 'the name of an image is invalid',
      about: 'a b',
    });
  });

  it('is found in an event where the pause before another pull does not say it', async () => {
    const image = `${REGISTRY}/shop/cart:1`;
    const status = { containerStatuses: [waiting('ImagePullBackOff', `Back-off pulling image "${image}"`)] };
    expect(await causeOf(status)).to.include({ what: `an image can't be pulled from ${REGISTRY}` });
    const event = ofPod('cart', 'Failed', `Failed to pull image "${image}": ${image}: not found`);
    expect(await causeOf(status, event)).to.include({ what: `no such image in ${REGISTRY}` });
  });

  it('is a Secret or ConfigMap that is missing, whether the environment or a volume names it', async () => {
    const config = (message: string) => causeOf({ containerStatuses: [waiting('CreateContainerConfigError', message)] });
    expect(await config('secret "db" not found')).to.deep.equal({ what: 'a Secret is missing', about: 'db' });
    expect(await config('configmap "settings" not found')).to.deep.equal({ what: 'a ConfigMap is missing', about: 'settings' });
    expect(await config(`couldn't find key user in Secret cart/db`)).to.deep.equal({ what: 'a Secret lacks a key', about: 'user in db' });
    const creating = { containerStatuses: [waiting('ContainerCreating')] };
    const mount = 'MountVolume.SetUp failed for volume "certs" : secret "tls" not found';
    expect(await causeOf(creating, ofPod('cart', 'FailedMount', mount))).to.deep.equal({ what: 'a Secret is missing', about: 'tls' });
    expect(await causeOf(creating)).to.equal(undefined);
  });

  it('is the end of a container that crashes: exit code, last message, or too little memory', async () => {
    expect(await causeOf({ containerStatuses: [crashed({ exitCode: 3, message: 'no route to db\n' })] })).to.deep.equal({
      what: 'a container crashes with exit code 3',
      about: 'no route to db',
    });
    expect(await causeOf({ containerStatuses: [crashed({ exitCode: 137, reason: 'OOMKilled' })] })).to.deep.equal({
      what: 'a container needs more memory than its limit (OOMKilled)',
    });
    expect(await causeOf({ initContainerStatuses: [crashed({ exitCode: 1 }, 'vault-agent-init')] })).to.deep.equal({
      what: 'the container vault-agent-init crashes with exit code 1',
    });
    const between = { ...crashed({ exitCode: 2 }), state: { running: {} } };
    expect(await causeOf({ phase: 'Running', containerStatuses: [between] })).to.deep.equal({
      what: 'a container crashes with exit code 2',
    });
  });

  it('shows no credentials that stand in an address', async () => {
    const cause = await causeOf({ containerStatuses: [crashed({ exitCode: 1, message: 'cannot reach postgres://shop:hunter2@db:5432' })] });
    expect(cause?.about).to.equal('cannot reach postgres://db:5432');
  });

  it('is what the scheduler says, without the numbers of nodes', async () => {
    const message =
      '0/5 nodes are available: 2 Too many pods, 3 Insufficient cpu. preemption: 0/5 nodes are available: 5 No preemption victims found.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    expect(await causeOf({ conditions })).to.deep.equal({ what: 'no node takes the pods: Insufficient cpu, Too many pods' });
  });

  it('is a quota or a webhook that lets no pod in, unless a pod came since', async () => {
    const refused = (message: string) => warning('ReplicaSet', 'cart', `cart-${HASH}`, 'FailedCreate', `Error creating: ${message}`);
    const quota = `pods "cart-${HASH}-abcde" is forbidden: exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4`;
    expect((await causesOf([], [refused(quota)])).get('cart-new')).to.deep.equal({
      what: 'a quota lets no more pods in',
      about: 'team in cart: pods=1 more, limited to pods=4',
    });
    const webhook = 'Internal error occurred: failed calling webhook "vault.hashicorp.com": no endpoints available for service "vault"';
    expect((await causesOf([], [refused(webhook)])).get('cart-new')).to.deep.equal({ what: `pods are refused: ${webhook}` });
    const later = podOf('cart', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
    const since = { ...later, metadata: { ...later.metadata, creationTimestamp: '2026-01-05T09:06:00Z' } };
    expect((await causesOf([since], [refused(quota)])).get('cart-new')).to.equal(undefined);
  });

  it('is an init container that does not end, such as an agent that may not log in to Vault, but no sidecar', async () => {
    const init = (name: string) => ({ name, restartCount: 0, state: { running: { startedAt: '2026-01-05T09:00:00Z' } } });
    const initializing = { containerStatuses: [waiting('PodInitializing')] };
    expect(await causeOf({ ...initializing, initContainerStatuses: [init('vault-agent-init')] })).to.deep.equal({
      what: 'the container vault-agent-init still gets no secrets from Vault',
    });
    expect(await causeOf({ ...initializing, initContainerStatuses: [init('migrate')] })).to.deep.equal({
      what: 'the init container migrate has not ended',
    });
    const pod = podOf('cart', { ...initializing, initContainerStatuses: [init('istio-proxy')] });
    const meshed = { ...pod, spec: { initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }] } };
    expect((await causesOf([meshed])).size).to.equal(0);
  });

  it('is a probe that fails, once the containers run', async () => {
    const status = { phase: 'Running', containerStatuses: [{ name: 'app', ready: false, restartCount: 0, state: { running: {} } }] };
    const probe = 'Readiness probe failed: Get "http://10.0.3.7:8080/ready": dial tcp 10.0.3.7:8080: connect: connection refused';
    expect(await causeOf(status, ofPod('cart', 'Unhealthy', probe))).to.deep.equal({
      what: 'not ready: Readiness probe failed: Get "http://<address>/ready": dial tcp <address>: connect: connection refused',
    });
  });

  it('is asked by two lists, however many services there are, and told to the application that has the workload', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `team${index}-api`);
    const pods = names.map((name) =>
      podOf(name, { containerStatuses: [waiting('CreateContainerConfigError', 'secret "shared" not found')] }),
    );
    const stranger = podOf('stranger', { containerStatuses: [crashed({ exitCode: 1 })] });
    const causes = await causesOf([...pods, stranger], [], names);
    expect([...causes.keys()]).to.deep.equal(names.map((name) => `${name}-new`));
    const services = names.map((name) => ({ name, application: `${name}-new`, namespace: name, tier: 'critical' }));
    const error = await failure('unhealthy', () =>
      judgeServices({
        services,
        applications: names.map(applicationOf),
        causes,
        waived: [],
        tiers: [{ name: 'critical', require: 'all' }],
      }),
    );
    expect(error.message).to.equal(
      `Too few services are healthy (critical: 0 of 40 healthy, 40 needed). A Secret is missing (shared): ${names.join(', ')}.`,
    );
  });

  it('may be known to Argo CD alone, which could not sync; then the cluster has nothing to say', async () => {
    const failed = argoApplication.parse({
      metadata: { name: 'cart-new' },
      spec: {},
      status: { operationState: { phase: 'Failed', message: 'namespaces "cart" not found (retried 5 times).' } },
    });
    const causes = new Map([['cart-new', { what: 'old news' }]]);
    const services = [{ name: 'cart', application: 'cart-new', namespace: 'cart', tier: 'batch' }];
    const { services: judged } = judgeServices({
      services,
      applications: [failed],
      causes,
      waived: [],
      tiers: [{ name: 'batch', require: '0%' }],
    });
    expect(judged[0]).to.deep.include({ status: 'unhealthy', reason: 'the sync failed: namespaces "cart" not found.' });
  });
});

describe('services by cause', () => {
  const failing = (name: string, what: string, about?: string) => ({
    name,
    application: `${name}-new`,
    namespace: name,
    cause: { what, ...(about === undefined ? {} : { about }) },
  });

  it('stand in one line for each, the most frequent first, each with what is its own', () => {
    expect(
      causeLines([
        failing('mail', 'no node takes the pods: Insufficient cpu'),
        failing('cart', 'no such image in r.example.com', 'shop/cart:1'),
        failing('order', 'no such image in r.example.com', 'shop/order:2'),
      ]),
    ).to.deep.equal([
      'no such image in r.example.com: cart (shop/cart:1), order (shop/order:2)',
      'no node takes the pods: Insufficient cpu: mail',
    ]);
  });

  it('are not kept apart by their own names, found as whole words', () => {
    const lines = causeLines([
      failing('api', 'the sync failed: namespaces "api" not found in the apiserver'),
      failing('cart', 'the sync failed: namespaces "cart" not found in the apiserver'),
    ]);
    expect(lines).to.deep.equal(['the sync failed: namespaces "<service>" not found in the apiserver: api, cart']);
  });

  it('are not kept apart by attempts, pods, ids and addresses', () => {
    expect(alike('refused. Retrying attempt #2 at 10:45AM.')).to.equal('refused');
    expect(alike('back-off 2m40s restarting failed container=app pod=cart-1_shop(0a1b)')).to.equal(
      'back-off restarting failed container=app',
    );
    expect(alike('dial tcp 10.2.3.4:80 for 8c2a1b7e-0f0e-4d2c-9a54-2f6c3a9f1d11 at 2026-01-05T09:00:00Z')).to.equal(
      'dial tcp <address> for <id> at <time>',
    );
    expect(alike('pods "web-7d8f6c9b54-x2k9z" gone')).to.equal('pods "web-<pod>" gone');
  });
});
