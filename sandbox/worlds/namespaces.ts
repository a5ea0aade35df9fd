import type { KubeObject } from '../kubernetes/object.ts';
import { platformNamespaces, type Service } from './services.ts';

/** The namespaces of the primary, with the labels that their owners gave them. */
export function namespaceManifests(services: readonly Service[]): KubeObject[] {
  const teams = new Map(services.map((service) => [service.namespace, service.team]));
  const own = [...teams].map(([name, team], index) =>
    namespace(name, {
      team,
      'pod-security.kubernetes.io/enforce': index % 4 === 0 ? 'restricted' : 'baseline',
      ...(index % 3 === 0 ? { 'istio-injection': 'enabled' } : {}),
      ...(index % 7 === 0 ? { 'shop.example.com/network-zone': 'public' } : {}),
    }),
  );
  const platform = platformNamespaces.map((name) =>
    namespace(name, { team: 'platform', 'pod-security.kubernetes.io/enforce': 'privileged' }),
  );
  return [...own, ...platform];
}

function namespace(name: string, labels: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...labels } } };
}
