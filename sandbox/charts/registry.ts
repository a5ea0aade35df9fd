import { awsLoadBalancerController } from './aws-load-balancer-controller.ts';
import type { Chart } from './chart.ts';
import { istioBase } from './istio-base.ts';
import { istioGateway } from './istio-gateway.ts';
import { istiod } from './istiod.ts';
import { karpenter } from './karpenter.ts';
import { karpenterCrd } from './karpenter-crd.ts';
import { metricsServer } from './metrics-server.ts';
import { vaultChart } from './vault.ts';

/** Which versions of which charts a repository offers. */
export type ChartRepositories = Record<string, Record<string, readonly string[]>>;

const charts: readonly Chart[] = [
  awsLoadBalancerController,
  karpenter,
  karpenterCrd,
  istioBase,
  istiod,
  istioGateway,
  vaultChart,
  metricsServer,
];

/** The repositories that everybody reaches, as far as charts of theirs are known here. */
export function publicRepositories(): ChartRepositories {
  return {
    'https://aws.github.io/eks-charts': { 'aws-load-balancer-controller': ['3.5.0'] },
    'public.ecr.aws/karpenter': { karpenter: ['1.14.1'], 'karpenter-crd': ['1.14.1'] },
    'https://istio-release.storage.googleapis.com/charts': { base: ['1.30.3'], istiod: ['1.30.3'], gateway: ['1.30.3'] },
    'https://helm.releases.hashicorp.com': { vault: ['0.34.1'] },
    'https://kubernetes-sigs.github.io/metrics-server': { 'metrics-server': ['3.13.0'] },
  };
}

/** One chart of one version, or why it can't be had, in the words of the repository server. */
export function findChart(
  repositories: ChartRepositories,
  { repoURL, chart, version }: { readonly repoURL: string; readonly chart: string; readonly version: string },
): Chart | { readonly problem: string } {
  const address = repoURL.replace(/^oci:\/\//, '').replace(/\/+$/, '');
  const known = repositories[address];
  if (known === undefined)
    return { problem: `error fetching chart: failed to fetch chart: failed to get index: ${repoURL} : 404 Not Found` };
  const versions = known[chart];
  if (versions === undefined) return { problem: `chart "${chart}" not found in ${repoURL} repository` };
  if (!versions.includes(version))
    return { problem: `unable to resolve chart "${chart}" version "${version}": no matching version found in ${repoURL}` };
  return charts.find((one) => one.name === chart) ?? { problem: `the sandbox can't render ${chart}` };
}
