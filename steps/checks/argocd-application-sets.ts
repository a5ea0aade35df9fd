import type { Finding } from '../kit/step.ts';
import { RUN_LABEL, recoveryClusterName } from '../naming.ts';
import { generatesFor } from '../projects/matching-generators.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** No ApplicationSet takes the new cluster for one of its own as soon as it is registered, and deploys to it past this run. */
export const argocdApplicationSets: Check = {
  id: 'argocd-application-sets',
  title: 'No ApplicationSet deploys to every cluster that is registered',
  run({ estate, run, clients }) {
    const evidence = `${estate.argocd.url} /api/v1/applicationsets`;
    return findings(evidence, async () => {
      const argocd = await clients.argocd();
      // Argo CD lists what the token may see: without the right it would look as if there were none.
      if (!(await argocd.canI('applicationsets', 'get', '*/*'))) {
        const message = 'The Argo CD token may not see ApplicationSets: one that goes by clusters would deploy to the new one at once.';
        return [
          { severity: 'warning', message, evidence, remedy: 'Let it get applicationsets (argocd-rbac-cm), or look through them by hand.' },
        ];
      }
      const name = recoveryClusterName(estate, run);
      const cluster = { name, labels: { [RUN_LABEL]: run.id, 'argocd.argoproj.io/secret-type': 'cluster' } };
      const accepted = new Set(estate.argocd.acceptedApplicationSets);
      const matching = (await argocd.listApplicationSets())
        .filter(({ spec }) => spec.generators.some((generator) => generatesFor(generator, cluster)))
        .map(({ metadata }) => metadata.name)
        .filter((set) => !accepted.has(set));
      if (matching.length === 0) return [];
      const one = matching.length === 1;
      const found: Finding = {
        severity: 'blocker',
        message: `The ${one ? 'ApplicationSet' : 'ApplicationSets'} ${matching.join(', ')} would deploy to ${name} as soon as it is registered.`,
        evidence,
        remedy: `Give the cluster generator a selector that leaves recoveries out (clusters.selector.matchExpressions: [{ key: ${RUN_LABEL}, operator: DoesNotExist }]; a selector leaves Argo CD's own cluster out, too, unless that is registered), or name it in argocd.acceptedApplicationSets.`,
      };
      return [found];
    });
  },
};
