import type { Chart, Json } from './chart.ts';
import { ANYTHING, definition } from './objects.ts';

const strings: Json = { type: 'array', items: { type: 'string' } };
const tags: Json = { type: 'object', additionalProperties: { type: 'string' } };

/** Terms by tags or by id, at least one. */
const terms = (more: Json = {}): Json => ({
  type: 'array',
  minItems: 1,
  maxItems: 30,
  items: { type: 'object', properties: { id: { type: 'string' }, tags, ...more } },
});

const nodeClassSpec: Json = {
  type: 'object',
  required: ['amiSelectorTerms', 'securityGroupSelectorTerms', 'subnetSelectorTerms'],
  properties: {
    amiFamily: { type: 'string', enum: ['AL2', 'AL2023', 'Bottlerocket', 'Custom', 'Windows2019', 'Windows2022', 'Windows2025'] },
    amiSelectorTerms: terms({ alias: { type: 'string' }, name: { type: 'string' }, owner: { type: 'string' } }),
    subnetSelectorTerms: terms(),
    securityGroupSelectorTerms: terms({ name: { type: 'string' } }),
    role: { type: 'string', minLength: 1 },
    instanceProfile: { type: 'string', minLength: 1 },
    tags,
    blockDeviceMappings: { type: 'array', items: ANYTHING },
    metadataOptions: ANYTHING,
    kubelet: ANYTHING,
    userData: { type: 'string' },
    detailedMonitoring: { type: 'boolean' },
    associatePublicIPAddress: { type: 'boolean' },
    capacityReservationSelectorTerms: { type: 'array', items: ANYTHING },
    instanceStorePolicy: { type: 'string' },
  },
};

const requirement: Json = {
  type: 'object',
  required: ['key', 'operator'],
  properties: {
    key: { type: 'string' },
    operator: { type: 'string', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Gte', 'Lte'] },
    values: strings,
    minValues: { type: 'integer' },
  },
};

const nodePoolSpec: Json = {
  type: 'object',
  required: ['template'],
  properties: {
    template: {
      type: 'object',
      required: ['spec'],
      properties: {
        metadata: ANYTHING,
        spec: {
          type: 'object',
          required: ['nodeClassRef', 'requirements'],
          properties: {
            nodeClassRef: {
              type: 'object',
              required: ['group', 'kind', 'name'],
              properties: { group: { type: 'string' }, kind: { type: 'string' }, name: { type: 'string' } },
            },
            requirements: { type: 'array', items: requirement },
            expireAfter: { type: 'string' },
            terminationGracePeriod: { type: 'string' },
            taints: { type: 'array', items: ANYTHING },
            startupTaints: { type: 'array', items: ANYTHING },
          },
        },
      },
    },
    disruption: {
      type: 'object',
      required: ['consolidateAfter'],
      properties: {
        consolidateAfter: { type: 'string' },
        consolidationPolicy: { type: 'string', enum: ['WhenEmpty', 'WhenEmptyOrUnderutilized', 'Balanced'] },
        budgets: { type: 'array', items: ANYTHING },
      },
    },
    limits: ANYTHING,
    weight: { type: 'integer', minimum: 1, maximum: 100 },
    replicas: { type: 'integer' },
  },
};

export const karpenterDefinitions: readonly Json[] = [
  definition({
    group: 'karpenter.k8s.aws',
    version: 'v1',
    kind: 'EC2NodeClass',
    plural: 'ec2nodeclasses',
    scope: 'Cluster',
    spec: nodeClassSpec,
  }),
  definition({ group: 'karpenter.sh', version: 'v1', kind: 'NodePool', plural: 'nodepools', scope: 'Cluster', spec: nodePoolSpec }),
  definition({ group: 'karpenter.sh', version: 'v1', kind: 'NodeClaim', plural: 'nodeclaims', scope: 'Cluster' }),
  definition({ group: 'karpenter.sh', version: 'v1alpha1', kind: 'NodeOverlay', plural: 'nodeoverlays', scope: 'Cluster' }),
  definition({ group: 'autoscaling.x-k8s.io', version: 'v1beta1', kind: 'CapacityBuffer', plural: 'capacitybuffers', scope: 'Namespaced' }),
];

/** public.ecr.aws/karpenter/karpenter-crd 1.14.1. */
export const karpenterCrd: Chart = { name: 'karpenter-crd', appVersion: '1.14.1', render: () => [...karpenterDefinitions] };
