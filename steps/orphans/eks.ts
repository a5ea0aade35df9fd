import { unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import { RUN_TAG } from '../naming.ts';
import type { Search } from './search.ts';

export const eksSearch: Search = {
  system: 'EKS',
  async search({ run, clients, cluster: { region } }) {
    const eks = await clients.eks(region);
    const names = await allPages(async (nextToken) => {
      const page = await eks.listClusters({ nextToken });
      return [page.clusters, page.nextToken];
    });
    const found = await Promise.all(names.map((name) => unlessMissing(eks.describeCluster({ name }), 'ResourceNotFoundException')));
    return found.flatMap((answer) => {
      const { name = '', tags = {}, status = '' } = answer?.cluster ?? {};
      if (tags[RUN_TAG] !== run.id) return [];
      const remove = `aws eks delete-cluster --region ${region} --name ${name} (its node groups first), or eks-dr undo again`;
      return [{ what: `cluster ${name} (${status})`, where: region, remove }];
    });
  },
};
