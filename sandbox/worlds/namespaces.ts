import type { KubeObject } from '../kubernetes/object.ts';
import { platformNamespaces, type Service } from './services.ts';

/** The namespaces of the primary as their owners made them: labels, annotations, and here and there a quota and limits for its pods. */
export function namespaceManifests(services: readonly Service[]): KubeObject[] {
  const teams = new Map(services.map((service) => [service.namespace, service.team]));
  const own = [...teams].flatMap(([name, team], index) => {
    const labels = {
      team,
      'pod-security.kubernetes.io/enforce': index % 4 === 0 ? 'restricted' : 'baseline',
      ...(index % 3 === 0 ? { 'istio-injection': 'enabled' } : {}),
      ...(index % 7 === 0 ? { 'shop.example.com/network-zone': 'public' } : {}),
    };
    const annotations = {
      'shop.example.com/on-call': `${team}@shop.example.com`,
      ...(index % 5 === 0 ? { 'shop.example.com/cost-center': `shop-${index}` } : {}),
    };
    return [
      namespace(name, labels, annotations),
      ...(index % 4 === 1 ? [quota(name)] : []),
      ...(index % 6 === 2 ? [limitRange(name)] : []),
    ];
  });
  const platform = platformNamespaces.map((name) =>
    namespace(name, { team: 'platform', 'pod-security.kubernetes.io/enforce': 'privileged' }),
  );
  return [...own, ...platform];
}

type Texts = Readonly<Record<string, string>>;

function namespace(name: string, labels: Texts, annotations: Texts = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...labels }, annotations: { ...annotations } } };
}

/** Wide enough that no service meets it. */
function quota(namespace: string): KubeObject {
  const spec = { hard: { 'count/services': '40', 'requests.cpu': '200', 'requests.memory': '400Gi' } };
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace }, spec };
}

function limitRange(namespace: string): KubeObject {
  const limits = [{ type: 'Container', default: { cpu: '500m', memory: '512Mi' }, defaultRequest: { cpu: '50m', memory: '128Mi' } }];
  return { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'defaults', namespace }, spec: { limits } };
}
