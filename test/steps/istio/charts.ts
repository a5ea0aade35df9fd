import type { KubernetesObject } from '../../../steps/clients/kubernetes.ts';
import type { JsonObject } from '../../../steps/kit/json.ts';
import type { Render } from '../addons/installer.ts';

const CA = Buffer.from('a certificate authority').toString('base64');

/** The objects of Istio's charts that the steps look at. `image`: what the injector makes of the gateway's. */
export function istioCharts(
  options: { readonly image?: () => string; readonly istiodPods?: number } = {},
): Readonly<Record<string, Render>> {
  const { image = () => 'docker.io/istio/proxyv2:1.30.3', istiodPods = 1 } = options;
  return {
    base: ({ namespace }) => [
      namespaceOf(namespace),
      webhook('ValidatingWebhookConfiguration', 'istiod-default-validator'),
      customResource('Gateway'),
    ],
    istiod: ({ namespace }) => [
      deployment(namespace, 'istiod', 'docker.io/istio/pilot:1.30.3', istiodPods),
      { ...header('v1', 'Service', namespace, 'istiod'), spec: { selector: { app: 'istiod' }, ports: [{ name: 'https', port: 443 }] } },
      webhook('MutatingWebhookConfiguration', 'istio-sidecar-injector'),
      webhook('ValidatingWebhookConfiguration', 'istio-validator-istio-system'),
    ],
    gateway: ({ namespace, values }) => {
      const { annotations, ...spec } = values.service as JsonObject;
      const named = header('v1', 'Service', namespace, 'istio-ingress');
      return [
        namespaceOf(namespace),
        deployment(namespace, 'istio-ingress', image(), 1),
        {
          ...named,
          metadata: { ...named.metadata, annotations: (annotations ?? {}) as Record<string, string> },
          spec: { ...spec, selector: { app: 'istio-ingress' } },
        },
      ];
    },
  };
}

function header(apiVersion: string, kind: string, namespace: string, name: string): KubernetesObject {
  return { apiVersion, kind, metadata: namespace === '' ? { name } : { name, namespace } };
}

function namespaceOf(name: string): KubernetesObject {
  return header('v1', 'Namespace', '', name);
}

function deployment(namespace: string, name: string, image: string, replicas: number): KubernetesObject {
  const labels = { app: name };
  return {
    ...header('apps/v1', 'Deployment', namespace, name),
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image, ports: [{ containerPort: 80, protocol: 'TCP' }] }] } },
    },
  };
}

function webhook(kind: string, name: string): KubernetesObject {
  return {
    ...header('admissionregistration.k8s.io/v1', kind, '', name),
    webhooks: [
      {
        name: 'all.istio.io',
        clientConfig: { caBundle: CA, service: { namespace: 'istio-system', name: 'istiod' } },
        rules: [{ operations: ['CREATE'], apiGroups: ['networking.istio.io'], apiVersions: ['*'], resources: ['gateways'], scope: '*' }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}

function customResource(kind: string): KubernetesObject {
  const plural = `${kind.toLowerCase()}s`;
  const group = 'networking.istio.io';
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    ...header('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '', `${plural}.${group}`),
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
