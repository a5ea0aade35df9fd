/** A Helm chart where Argo CD finds it. `repository`: https://… of a Helm repository; host and path, without a scheme, of an OCI registry. */
export interface Chart {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

const istioRepository = 'https://istio-release.storage.googleapis.com/charts';
const istioVersion = '1.30.3';

/** Every chart that EKS-DR brings, in the version that its values and waits were made for. The only place with versions of charts. */
export const charts = {
  'aws-load-balancer-controller': {
    repository: 'https://aws.github.io/eks-charts',
    chart: 'aws-load-balancer-controller',
    version: '3.5.0',
  },
  'karpenter-crd': { repository: 'public.ecr.aws/karpenter', chart: 'karpenter-crd', version: '1.14.1' },
  karpenter: { repository: 'public.ecr.aws/karpenter', chart: 'karpenter', version: '1.14.1' },
  'istio-base': { repository: istioRepository, chart: 'base', version: istioVersion },
  istiod: { repository: istioRepository, chart: 'istiod', version: istioVersion },
  'istio-ingress': { repository: istioRepository, chart: 'gateway', version: istioVersion },
  'vault-agent-injector': { repository: 'https://helm.releases.hashicorp.com', chart: 'vault', version: '0.34.1' },
} as const satisfies Readonly<Record<string, Chart>>;

export type AddonName = keyof typeof charts;
