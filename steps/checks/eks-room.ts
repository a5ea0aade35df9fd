import type { Eks } from '../clients/aws.ts';
import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The default quota of clusters per region and account; it can be raised, so being near it is only a warning. */
const DEFAULT_CLUSTERS = 100;

/** The EKS API of the target region answers us, and has room for another cluster. */
export const eksRoom: Check = {
  id: 'eks-room',
  title: 'EKS answers and has room for a cluster',
  async run({ estate, run, clients }) {
    const region = estate.targets[run.target]?.region ?? estate.primary.region;
    return findings(`eks:ListClusters in ${region}`, async () => {
      const names = await clusterNames(await clients.eks(region));
      return names.length < DEFAULT_CLUSTERS ? [] : [crowded(names.length, region)];
    });
  },
};

export async function clusterNames(eks: Eks): Promise<string[]> {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await eks.listClusters({ nextToken });
    names.push(...(page.clusters ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return names;
}

function crowded(count: number, region: string): Finding {
  return {
    severity: 'warning',
    message: `There are ${count} EKS clusters in ${region}; the default quota is ${DEFAULT_CLUSTERS}.`,
    evidence: `eks:ListClusters in ${region}`,
    remedy: 'Make sure that the quota "Clusters" of Amazon EKS is raised in this region, or remove clusters that are not needed.',
  };
}
