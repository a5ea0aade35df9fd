import * as z from 'zod';
import { jsonValue, kubernetesName, minutes, roleArn } from './common.ts';

const path = z.string().min(1);

/** What every add-on of ours lets the estate say about its chart. */
const chartSettings = {
  version: z.string().min(1).optional().describe('Another version of the chart than the one EKS-DR was made for.'),
  repository: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Another repository, such as a mirror in the recovery region: https://… for Helm repositories, a host and path or oci://… for OCI.',
    ),
  values: z
    .record(z.string(), jsonValue)
    .default({})
    .describe('Helm values, merged over ours: objects key by key, everything else is replaced, null takes a key out.'),
};

/** How a controller in the cluster gets its IAM role. */
const identity = {
  identity: z
    .enum(['pod-identity', 'irsa'])
    .default('pod-identity')
    .describe(
      'pod-identity: an EKS Pod Identity association, not tied to one cluster. irsa: a role that trusts the OIDC provider of the new cluster.',
    ),
  roleArn: roleArn
    .optional()
    .describe(
      'A role prepared beforehand (eks-dr prepare), used as it is: nothing has to be written to IAM on the night. Without it, a role of this recovery is made.',
    ),
};

const loadBalancerController = z.strictObject({ ...chartSettings, ...identity });

const karpenter = z.strictObject({
  ...chartSettings,
  ...identity,
  nodeRoleArn: roleArn
    .optional()
    .describe('A role for the nodes prepared beforehand (eks-dr prepare). Without it, a role of this recovery is made.'),
  interruptionQueueOutput: z
    .string()
    .min(1)
    .optional()
    .describe('The Terraform output with the name of the SQS queue for interruptions. Without it, Karpenter learns of none.'),
  manifests: path
    .optional()
    .describe(
      'A folder with NodePool and EC2NodeClass manifests, relative to the estate file, instead of those of EKS-DR. ${cluster}, ${region}, ${nodeRole} and ${run} are replaced.',
    ),
  nodePool: z
    .strictObject({
      instanceCategories: z.array(z.string().min(1)).min(1).default(['c', 'm', 'r']),
      instanceGenerationsAbove: z.number().int().min(0).default(4),
      architectures: z
        .array(z.enum(['amd64', 'arm64']))
        .min(1)
        .default(['amd64']),
      capacityTypes: z
        .array(z.enum(['on-demand', 'spot', 'reserved']))
        .min(1)
        .default(['on-demand']),
      amiAlias: z
        .string()
        .regex(/^[a-z0-9]+@\S+$/, 'must be an alias such as al2023@v20250807 or al2023@latest')
        .default('al2023@latest'),
      cpuLimit: z.number().int().positive().default(1000).describe('vCPUs of all nodes of the pool.'),
      expireAfter: z.string().min(1).default('720h'),
    })
    .prefault({})
    .describe('The NodePool that EKS-DR makes where no manifests are given.'),
  proof: z
    .enum(['always', 'recover', 'never'])
    .default('always')
    .describe('Whether a pod of ours is left pending until Karpenter has brought a node for it, in every run or in recoveries only.'),
});

const istio = z.strictObject({
  version: z.string().min(1).optional().describe('Another version of the three charts than the one EKS-DR was made for.'),
  repository: chartSettings.repository,
  values: z
    .strictObject({ base: chartSettings.values, istiod: chartSettings.values, gateway: chartSettings.values })
    .prefault({})
    .describe('Helm values by chart, merged over ours.'),
  gatewayNamespace: kubernetesName
    .default('istio-ingress')
    .describe(
      'Where the gateway is. By this and its name (values.gateway.name, istio-ingress unless given) its load balancer is taken for the successor of the primary’s: let both be as they are there.',
    ),
  ingress: z
    .enum(['service', 'alb'])
    .default('service')
    .describe(
      'service: the gateway gets a network load balancer. alb: its Service is internal to the cluster, and an Ingress of class alb stands before it.',
    ),
  scheme: z.enum(['internet-facing', 'internal']).default('internet-facing'),
  certificateArns: z
    .array(z.string().min(1))
    .default([])
    .describe('ACM certificates of the recovery region for TLS at the load balancer. Without one, it passes TLS on.'),
  hosts: z.array(z.string().min(1)).default([]).describe('The host names that the Gateway of EKS-DR serves. Without one, none is made.'),
  manifests: path
    .optional()
    .describe(
      'A folder with ingress manifests (Gateway, VirtualService, Ingress ...), relative to the estate file, instead of those of EKS-DR. ${cluster}, ${region} and ${run} are replaced.',
    ),
});

const vaultInjector = z.strictObject({
  ...chartSettings,
  replicas: z.number().int().min(1).max(5).default(2),
  failurePolicy: z
    .enum(['Fail', 'Ignore'])
    .default('Fail')
    .describe('Fail: a pod that should get secrets does not start while the injector is away. Ignore: it starts without them.'),
  sparedNamespaces: z
    .array(kubernetesName)
    .default([])
    .describe('Namespaces that the injector never sees, beside kube-system and those of the add-ons.'),
});

const further = z.strictObject({
  name: kubernetesName.describe('The name of the Helm release.'),
  namespace: kubernetesName,
  chart: z.string().min(1),
  repository: z.string().min(1),
  version: z.string().min(1),
  values: chartSettings.values,
  after: z.array(kubernetesName).default([]).describe('Add-ons of this list that must be healthy before.'),
  webhooks: z
    .array(z.strictObject({ kind: z.enum(['mutating', 'validating']), name: z.string().min(1) }))
    .default([])
    .describe('Webhook configurations whose service must have a ready endpoint before the next step.'),
  ignoreDifferences: z
    .array(z.record(z.string(), jsonValue))
    .default([])
    .describe('As in an Argo CD application: what the add-on itself changes.'),
});

/** What runs between the bare cluster and the services. What isn't named is not installed. */
export const addons = z
  .strictObject({
    project: z.string().min(1).default('default').describe('The AppProject of the add-on applications.'),
    limitMinutes: minutes.default(10).describe('How long an add-on may take to become healthy.'),
    permissionsBoundary: z
      .string()
      .regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/, 'must be the ARN of an IAM policy')
      .optional()
      .describe('The permissions boundary of every IAM role that EKS-DR makes.'),
    loadBalancerController: loadBalancerController.optional(),
    karpenter: karpenter.optional(),
    istio: istio.optional(),
    vaultInjector: vaultInjector.optional().describe('Needs `vault`.'),
    others: z.array(further).default([]).describe('Further add-ons: metrics-server, cert-manager, nri-bundle ...'),
  })
  .prefault({});

export type Addons = z.infer<typeof addons>;
export type ChartSettings = { readonly version?: string | undefined; readonly repository?: string | undefined };
