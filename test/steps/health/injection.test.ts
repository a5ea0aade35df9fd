import { expect } from 'chai';
import type { KubernetesObject, KubernetesType } from '../../../steps/clients/kubernetes.ts';
import { injectionGaps } from '../../../steps/health/injection.ts';

interface PodShape {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly containers?: string[];
  readonly initContainers?: string[];
  readonly hostNetwork?: boolean;
  readonly phase?: string;
  readonly deleted?: boolean;
}

const named = (names: readonly string[] = []) => names.map((name) => ({ name }));

function pod(name: string, namespace: string, shape: PodShape = {}): KubernetesObject {
  const { labels = {}, annotations = {}, containers = ['app'], initContainers, hostNetwork, phase = 'Running', deleted = false } = shape;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, annotations, ...(deleted ? { deletionTimestamp: '2026-01-05T09:00:00Z' } : {}) },
    spec: { containers: named(containers), initContainers: named(initContainers), ...(hostNetwork === undefined ? {} : { hostNetwork }) },
    status: { phase },
  };
}

const namespace = (name: string, labels: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const injector = (name: string): KubernetesObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name },
});
const both = [injector('istio-sidecar-injector'), injector('vault-agent-injector-cfg')];
const namespaces = [
  namespace('meshed', { 'istio-injection': 'enabled' }),
  namespace('revision', { 'istio.io/rev': '1-30-3' }),
  namespace('off', { 'istio-injection': 'disabled' }),
  namespace('plain'),
];

async function gapsOf(pods: readonly KubernetesObject[], injectors: readonly KubernetesObject[] = both): Promise<string[]> {
  const lists: Readonly<Record<string, readonly KubernetesObject[]>> = {
    Pod: pods,
    Namespace: namespaces,
    MutatingWebhookConfiguration: injectors,
  };
  const gaps = await injectionGaps({ list: async ({ kind }: KubernetesType) => lists[kind] ?? [] });
  return gaps.map((gap) => `${gap.namespace}/${gap.pod} ${gap.missing}`);
}

const agent = { annotations: { 'vault.hashicorp.com/agent-inject': 'true' } };

describe('pods that were made while an injector was away', () => {
  it('lack the sidecar that their namespace asks for, by label or by revision', async () => {
    expect(await gapsOf([pod('b', 'revision'), pod('a', 'meshed'), pod('c', 'plain'), pod('d', 'off')])).to.deep.equal([
      'meshed/a istio-proxy',
      'revision/b istio-proxy',
    ]);
  });

  it('lack it where they ask for it themselves, and may decline', async () => {
    const asks = { labels: { 'sidecar.istio.io/inject': 'true' } };
    const declines = { labels: { 'sidecar.istio.io/inject': 'false' } };
    expect(await gapsOf([pod('asks', 'plain', asks), pod('declines', 'meshed', declines), pod('asks-in-off', 'off', asks)])).to.deep.equal([
      'plain/asks istio-proxy',
    ]);
  });

  it('have it as a container or as a native sidecar', async () => {
    expect(
      await gapsOf([
        pod('old', 'meshed', { containers: ['app', 'istio-proxy'] }),
        pod('native', 'meshed', { initContainers: ['istio-proxy'] }),
      ]),
    ).to.deep.equal([]);
  });

  it('lack their secrets where they carry the annotation without the mark of the injector', async () => {
    const injected = { annotations: { ...agent.annotations, 'vault.hashicorp.com/agent-inject-status': 'injected' } };
    expect(await gapsOf([pod('bare', 'plain', agent), pod('injected', 'plain', injected)])).to.deep.equal(['plain/bare vault-agent']);
  });

  it('do not count when they share the host’s network, have ended, or are on their way out', async () => {
    const ended = [pod('host', 'meshed', { hostNetwork: true }), pod('done', 'meshed', { phase: 'Succeeded' })];
    expect(await gapsOf([...ended, pod('failed', 'meshed', { phase: 'Failed' }), pod('gone', 'meshed', { deleted: true })])).to.deep.equal(
      [],
    );
  });

  it('are expected of no injector that is not there', async () => {
    expect(await gapsOf([pod('a', 'meshed'), pod('b', 'plain', agent)], [])).to.deep.equal([]);
  });
});
