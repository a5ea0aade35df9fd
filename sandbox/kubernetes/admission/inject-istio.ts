import { type Fields, isFields, type KubeObject, listAt, textAt } from '../object.ts';

const PROXY = 'docker.io/istio/proxyv2:1.30.3';
// As global.proxy.resources of the chart has them.
const RESOURCES = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '1Gi' } };

/** What istiod's injector makes of a pod: a sidecar of its own, or the real image where the pod itself is a gateway. */
export function injectIstio(pod: KubeObject): KubeObject {
  const containers = listAt(pod, 'spec', 'containers').filter(isFields);
  const own = containers.find((container) => container.name === 'istio-proxy');
  const spec = isFields(pod.spec) ? pod.spec : {};
  const annotations = { ...pod.metadata.annotations, 'sidecar.istio.io/status': '{"revision":"default"}' };
  if (own !== undefined) {
    if (textAt(own, 'image') !== 'auto') return pod;
    const filled = containers.map((container): Fields => (container === own ? { ...container, image: PROXY } : container));
    return { ...pod, metadata: { ...pod.metadata, annotations }, spec: { ...spec, containers: filled } };
  }
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: {
      ...spec,
      initContainers: [...listAt(spec, 'initContainers'), { name: 'istio-init', image: PROXY, resources: RESOURCES }],
      containers: [...containers, { name: 'istio-proxy', image: PROXY, resources: RESOURCES }],
    },
  };
}
