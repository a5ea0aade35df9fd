import { type AddonName, charts } from '../../../steps/addons/charts.ts';
import type { ServedChart } from './helm-repository.ts';

/** What our charts must show of how they were rendered: the release, and the values as they arrived. */
const SEEN = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-seen
data:
  release: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  values: {{ .Values | toJson | quote }}
`;

/** Nothing that anybody makes: the API server that runs this is shared. */
const RULES = '[{ apiGroups: [nobody.example.com], apiVersions: [v1], operations: [CREATE], resources: [things] }]';

/** A new certificate at each render, as the chart of the load balancer controller makes one. */
const CERTIFICATES = `
{{- $ca := genCA "small" 1 }}
apiVersion: v1
kind: Secret
metadata:
  name: aws-load-balancer-tls
type: kubernetes.io/tls
data:
  ca.crt: {{ b64enc $ca.Cert }}
  tls.crt: {{ b64enc $ca.Cert }}
  tls.key: {{ b64enc $ca.Key }}
{{- range $kind := list "Mutating" "Validating" }}
---
apiVersion: admissionregistration.k8s.io/v1
kind: {{ $kind }}WebhookConfiguration
metadata:
  name: aws-load-balancer-webhook
webhooks:
  - name: things.nobody.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    rules: ${RULES}
    clientConfig:
      caBundle: {{ b64enc $ca.Cert }}
      service: { name: nobody, namespace: kube-system }
{{- end }}
`;

/** The injector itself fills in its authority; the chart says that there is none. */
const INJECTOR = `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: vault-agent-injector-cfg
webhooks:
  - name: vault.nobody.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: {{ .Values.injector.webhook.failurePolicy }}
    rules: ${RULES}
    namespaceSelector: {{ .Values.injector.webhook.namespaceSelector | toJson }}
    clientConfig:
      caBundle: ""
      service: { name: nobody, namespace: vault }
`;

const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.nobody.example.com }
spec:
  group: nobody.example.com
  scope: Cluster
  names: { kind: Thing, plural: things }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`;

const MORE: Readonly<Partial<Record<AddonName, Readonly<Record<string, string>>>>> = {
  'aws-load-balancer-controller': { 'templates/certificates.yaml': CERTIFICATES },
  karpenter: { 'crds/definition.yaml': DEFINITION },
  'vault-agent-injector': { 'templates/injector.yaml': INJECTOR },
};

/** A small chart under the name and the version of each of ours, with what Argo CD is to cope with, and one that stands for all others. */
export function smallCharts(): ServedChart[] {
  const ours = (Object.keys(charts) as AddonName[]).map((addon) => {
    const { chart: name, version } = charts[addon];
    return { name, version, files: { 'templates/seen.yaml': SEEN, ...MORE[addon] } };
  });
  return [...ours, { name: 'metrics-server', version: '3.13.0', files: { 'templates/seen.yaml': SEEN } }];
}
