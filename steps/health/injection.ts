import type { Kubernetes, KubernetesObject } from '../clients/kubernetes.ts';
import { compareText } from '../kit/text.ts';

/** A pod that runs without what an injector should have put into it. */
export interface InjectionGap {
  readonly namespace: string;
  readonly pod: string;
  /** What is missing: the Istio sidecar, or the Vault agent that brings secrets. */
  readonly missing: 'istio-proxy' | 'vault-agent';
}

/** What of a pod tells whether it was injected. Containers of both kinds: a native sidecar is an init container. */
interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly containers?: readonly { readonly name: string }[];
  readonly initContainers?: readonly { readonly name: string }[];
}

type Labels = Readonly<Record<string, string>>;

/**
 * The pods of a cluster that should have been injected and were not: they were made while the injector was away, and stay as they are until
 * somebody deletes them. Where no injector is installed nothing is expected of it. Rules: Istio's sidecar injection (labels of the pod
 * before those of its namespace, host network never), Vault's agent-inject annotations.
 */
export async function injectionGaps(kubernetes: Pick<Kubernetes, 'list'>): Promise<InjectionGap[]> {
  const [pods, namespaces, injectors] = await Promise.all([
    kubernetes.list({ apiVersion: 'v1', kind: 'Pod' }),
    kubernetes.list({ apiVersion: 'v1', kind: 'Namespace' }),
    kubernetes.list({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' }),
  ]);
  const labels = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  const installed = {
    istio: injectors.some(({ metadata }) => metadata.name.startsWith('istio-sidecar-injector')),
    vault: injectors.some(({ metadata }) => metadata.name.endsWith('agent-injector-cfg')),
  };
  const gaps = pods.filter(isAlive).flatMap((pod): InjectionGap[] => {
    const { name, namespace = '' } = pod.metadata;
    const missing: InjectionGap['missing'][] = [];
    if (installed.istio && wantsSidecar(pod, labels.get(namespace) ?? {}) && !hasContainer(pod, 'istio-proxy')) missing.push('istio-proxy');
    if (installed.vault && wantsSecrets(pod) && !hasSecrets(pod)) missing.push('vault-agent');
    return missing.map((what) => ({ namespace, pod: name, missing: what }));
  });
  return gaps.toSorted((a, b) => compareText(`${a.namespace}/${a.pod}`, `${b.namespace}/${b.pod}`));
}

function isAlive({ metadata, status }: KubernetesObject): boolean {
  const { phase } = (status ?? {}) as { readonly phase?: string };
  return metadata.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

function specOf(pod: KubernetesObject): PodSpec {
  return (pod.spec ?? {}) as PodSpec;
}

function wantsSidecar(pod: KubernetesObject, namespace: Labels): boolean {
  if (specOf(pod).hostNetwork === true) return false;
  const { labels = {}, annotations = {} } = pod.metadata;
  const own = labels['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject'];
  if (namespace['istio-injection'] === 'disabled' || own === 'false') return false;
  if (namespace['istio-injection'] === 'enabled' || namespace['istio.io/rev'] !== undefined) return true;
  return own === 'true' || labels['istio.io/rev'] !== undefined;
}

function wantsSecrets({ metadata: { annotations = {} } }: KubernetesObject): boolean {
  return ['true', '1'].includes(annotations['vault.hashicorp.com/agent-inject']?.toLowerCase() ?? '');
}

// Which containers there are depends on the annotations (pre-populate only, init first ...); the mark is always set.
function hasSecrets(pod: KubernetesObject): boolean {
  return pod.metadata.annotations?.['vault.hashicorp.com/agent-inject-status'] === 'injected';
}

function hasContainer(pod: KubernetesObject, name: string): boolean {
  const { containers = [], initContainers = [] } = specOf(pod);
  return [...containers, ...initContainers].some((container) => container.name === name);
}
