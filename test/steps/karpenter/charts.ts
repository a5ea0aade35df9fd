import type { KubernetesObject } from '../../../steps/clients/kubernetes.ts';
import type { Render } from '../addons/installer.ts';

/** The objects of Karpenter's charts that the step looks at. */
export const karpenterCharts: Readonly<Record<string, Render>> = {
  'karpenter-crd': () => [
    customResource('karpenter.k8s.aws', 'EC2NodeClass', 'ec2nodeclasses'),
    customResource('karpenter.sh', 'NodePool', 'nodepools'),
    customResource('karpenter.sh', 'NodeClaim', 'nodeclaims'),
  ],
  karpenter: ({ namespace, values }) => [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'karpenter', namespace },
      spec: {
        replicas: values.replicas,
        selector: { matchLabels: { app: 'karpenter' } },
        template: {
          metadata: { labels: { app: 'karpenter' } },
          spec: { containers: [{ name: 'controller', image: 'public.ecr.aws/karpenter/controller:1.14.1' }] },
        },
      },
    },
  ],
};

function customResource(group: string, kind: string, plural: string): KubernetesObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}
