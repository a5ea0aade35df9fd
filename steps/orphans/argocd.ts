import { RUN_LABEL } from '../naming.ts';
import type { Orphan, Search } from './search.ts';

export const argocdSearch: Search = {
  system: 'Argo CD',
  async search({ run, clients, cluster }) {
    const argocd = await clients.argocd();
    const where = argocd.url;
    const [applications, clusters, projects] = await Promise.all([
      argocd.listApplications({ selector: `${RUN_LABEL}=${run.id}` }),
      argocd.listClusters(),
      argocd.listProjects(),
    ]);
    const isOfRun = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean => labels[RUN_LABEL] === run.id;
    const destinations = projects.flatMap(({ metadata, spec }): Orphan[] =>
      isOfRun(metadata) || !spec.destinations.some(({ name }) => name === cluster.cluster)
        ? []
        : [{ what: `destination ${cluster.cluster} of project ${metadata.name}`, where, remove: `argocd proj edit ${metadata.name}` }],
    );
    return [
      ...applications.map(({ metadata: { name } }) => ({
        what: `application ${name}`,
        where,
        remove: `argocd app delete ${name} (--cascade=false where its cluster is gone)`,
      })),
      ...clusters.filter(isOfRun).map(({ name }) => ({ what: `registration of ${name}`, where, remove: `argocd cluster rm ${name}` })),
      ...projects
        .filter(({ metadata }) => isOfRun(metadata))
        .map(({ metadata: { name } }) => ({ what: `project ${name}`, where, remove: `argocd proj delete ${name}` })),
      ...destinations,
    ];
  },
};
