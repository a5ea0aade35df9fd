import * as z from 'zod';
import { asEksDrError } from './kit/errors.ts';
import { plan } from './kit/plan.ts';
import { recoveryClusterName } from './naming.ts';
import { searches } from './orphans/searches.ts';
import { defineStep } from './step.ts';
import { targetOf } from './target.ts';

export const searchOrphans = defineStep({
  id: 'search-orphans',
  title: 'Search every system for what the run has left behind',
  needs: {},
  reads: ['name', 'targets', 'argocd', 'gitlab', 'vault', 'terraform', 'networkPaths', 'cloudfront', 'apiGateway', 'drill'],
  outputs: z.object({
    orphans: z.array(z.object({ system: z.string(), what: z.string(), where: z.string(), remove: z.string() })),
    /** Systems that were asked, and answered. */
    asked: z.array(z.string()),
    /** Those that were not: of them nothing is known. */
    unasked: z.array(z.object({ system: z.string(), reason: z.string() })),
  }),
  drivers: [],
  waits: [],
  checks: [],

  async finish({ estate, run, clients, folder }) {
    const cluster = { region: targetOf(estate, run).region, cluster: recoveryClusterName(estate, run) };
    const plans = z.array(plan).parse(folder.plans);
    const looks = await Promise.allSettled(searches.map(({ search }) => search({ run, estate, clients, cluster, plans })));
    const answered = looks.map((look, index) => ({ look, system: searches[index]?.system ?? '' }));
    return {
      orphans: answered.flatMap(({ look, system }) =>
        look.status === 'fulfilled' ? look.value.map((orphan) => ({ system, ...orphan })) : [],
      ),
      asked: answered.flatMap(({ look, system }) => (look.status === 'fulfilled' ? [system] : [])),
      unasked: answered.flatMap(({ look, system }) =>
        look.status === 'rejected' ? [{ system, reason: asEksDrError(look.reason).message }] : [],
      ),
    };
  },
});
