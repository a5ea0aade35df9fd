import type { Finding } from '../kit/step.ts';
import { reachesPrimary } from '../projects/destinations.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The AppProjects to recover exist and let something go to the primary, so that there is something to open for the new cluster. */
export const argocdProjects: Check = {
  id: 'argocd-projects',
  title: 'The AppProjects of the estate exist',
  run({ estate, clients }) {
    const evidence = `${estate.argocd.url} /api/v1/projects`;
    return findings(evidence, async () => {
      const projects = new Map((await (await clients.argocd()).listProjects()).map((project) => [project.metadata.name, project]));
      return estate.argocd.projects.flatMap((name): Finding[] => {
        const project = projects.get(name);
        if (project === undefined) {
          const remedy = 'Correct argocd.projects in the estate, or let the token read the project.';
          return [{ severity: 'blocker', message: `Argo CD shows no AppProject ${name}.`, evidence, remedy }];
        }
        const found: Finding[] = [];
        if (!reachesPrimary(project.spec.destinations, estate.primary.argocdDestination)) {
          const remedy = 'Correct primary.argocdDestination in the estate: name and server as the destinations of the project have them.';
          found.push({
            severity: 'blocker',
            message: `The AppProject ${name} lets nothing go to the primary, so nothing would be opened for the new cluster.`,
            evidence,
            remedy,
          });
        }
        if (project.spec.permitOnlyProjectScopedClusters === true) {
          const remedy = 'Lift permitOnlyProjectScopedClusters for the time of a recovery.';
          found.push({
            severity: 'blocker',
            message: `The AppProject ${name} takes only clusters of its own; a recovery cluster serves all projects.`,
            evidence,
            remedy,
          });
        }
        return found;
      });
    });
  },
};
