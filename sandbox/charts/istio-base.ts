import { type Chart, type Json, text } from './chart.ts';
import { definition, rule, serviceAccount, webhookConfiguration } from './objects.ts';

const kinds: readonly (readonly [group: string, version: string, kind: string, plural: string])[] = [
  ['networking.istio.io', 'v1', 'Gateway', 'gateways'],
  ['networking.istio.io', 'v1', 'VirtualService', 'virtualservices'],
  ['networking.istio.io', 'v1', 'DestinationRule', 'destinationrules'],
  ['networking.istio.io', 'v1', 'ServiceEntry', 'serviceentries'],
  ['networking.istio.io', 'v1', 'Sidecar', 'sidecars'],
  ['networking.istio.io', 'v1', 'WorkloadEntry', 'workloadentries'],
  ['networking.istio.io', 'v1', 'WorkloadGroup', 'workloadgroups'],
  ['networking.istio.io', 'v1alpha3', 'EnvoyFilter', 'envoyfilters'],
  ['networking.istio.io', 'v1beta1', 'ProxyConfig', 'proxyconfigs'],
  ['security.istio.io', 'v1', 'AuthorizationPolicy', 'authorizationpolicies'],
  ['security.istio.io', 'v1', 'PeerAuthentication', 'peerauthentications'],
  ['security.istio.io', 'v1', 'RequestAuthentication', 'requestauthentications'],
  ['telemetry.istio.io', 'v1', 'Telemetry', 'telemetries'],
  ['extensions.istio.io', 'v1alpha1', 'WasmPlugin', 'wasmplugins'],
  ['extensions.istio.io', 'v1alpha1', 'TrafficExtension', 'trafficextensions'],
];

/** istio/base 1.30.3: the definitions, and a webhook that checks what is written of their kinds. */
export const istioBase: Chart = {
  name: 'base',
  appVersion: '1.30.3',

  render(values, release) {
    const base = (values.base ?? {}) as Json;
    const labels = { app: 'istiod', istio: 'istiod' };
    const [groups, versions] = [[...new Set(kinds.map(([group]) => group))], ['*']];
    return [
      ...(release.skipCrds
        ? []
        : kinds.map(([group, version, kind, plural]) => definition({ group, version, kind, plural, scope: 'Namespaced' }))),
      serviceAccount(release, 'istio-reader-service-account', labels),
      webhookConfiguration('Validating', 'istiod-default-validator', labels, [
        {
          name: 'validation.istio.io',
          service: { name: 'istiod', namespace: release.namespace, path: '/validate' },
          failurePolicy: text(base.validationFailurePolicy, 'Ignore'),
          rules: [{ ...rule('', '', ['*'], ['CREATE', 'UPDATE']), apiGroups: groups, apiVersions: versions }],
        },
      ]),
    ];
  },
};
