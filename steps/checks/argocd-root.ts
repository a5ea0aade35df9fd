import { matchesGlob } from '../kit/glob.ts';
import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

const OWN_CLUSTER = 'https://kubernetes.default.svc';

/** The AppProject of the root application takes the repository and lets applications be made where Argo CD runs. */
export const argocdRoot: Check = {
  id: 'argocd-root',
  title: 'The root application has a place',
  run({ estate, clients }) {
    const { rootProject, repoUrl, namespace, url } = estate.argocd;
    const evidence = `${url} /api/v1/projects`;
    return findings(evidence, async () => {
      const project = (await (await clients.argocd()).listProjects()).find(({ metadata }) => metadata.name === rootProject);
      if (project === undefined) {
        return [
          {
            severity: 'blocker',
            message: `Argo CD shows no AppProject ${rootProject}.`,
            evidence,
            remedy: 'Correct argocd.rootProject in the estate.',
          },
        ];
      }
      const found: Finding[] = [];
      const sources = Array.isArray(project.spec.sourceRepos) ? project.spec.sourceRepos.map(String) : [];
      if (!sources.some((pattern) => matches(pattern, repoUrl))) {
        const remedy = `Add ${repoUrl} to the sourceRepos of ${rootProject}, or name another argocd.rootProject.`;
        found.push({
          severity: 'warning',
          message: `The AppProject ${rootProject} does not name the repository ${repoUrl}.`,
          evidence: `sourceRepos: ${sources.join(', ')}`,
          remedy,
        });
      }
      const open = project.spec.destinations.some(
        (entry) =>
          (matches(entry.server ?? '', OWN_CLUSTER) || matches(entry.name ?? '', 'in-cluster')) &&
          matches(entry.namespace ?? '', namespace),
      );
      if (!open) {
        const remedy = `Add the destination ${OWN_CLUSTER}, namespace ${namespace}, to ${rootProject}, or name another argocd.rootProject.`;
        found.push({
          severity: 'blocker',
          message: `The AppProject ${rootProject} does not let applications be made in ${namespace}.`,
          evidence,
          remedy,
        });
      }
      return found;
    });
  },
};

/** Argo CD's globs, as far as people use them here. A repository may be written with or without .git. */
function matches(pattern: string, value: string): boolean {
  const plain = (text: string): string => text.replace(/\.git$/, '').toLowerCase();
  return matchesGlob(plain(pattern), plain(value));
}
