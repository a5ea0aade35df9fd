import * as z from 'zod';
import { reads } from './cluster-rights.ts';
import { createCluster } from './create-cluster.ts';
import type { Estate } from './estate/estate.ts';
import { judgeServices } from './health/judge-services.ts';
import { knownCauses } from './health/known-causes.ts';
import { watchedServices } from './health/watched.ts';
import type { Run } from './kit/run.ts';
import { mergeDeploy } from './merge-deploy.ts';
import { deployedSelector } from './naming.ts';
import { openMergeRequest } from './open-merge-request.ts';
import { defineStep } from './step.ts';
import { servicesHealthy } from './waits/services-healthy.ts';

const service = z.object({
  name: z.string(),
  application: z.string(),
  tier: z.string(),
  status: z.enum(['healthy', 'unhealthy', 'waived']),
  reason: z.string().nullable(),
});

export const awaitServices = defineStep({
  id: 'await-services',
  title: 'Wait until the services are healthy',
  needs: { created: createCluster, opened: openMergeRequest },
  after: [mergeDeploy],
  reads: ['services'],
  outputs: z.object({ total: z.number(), healthy: z.number(), services: z.array(service) }),
  drivers: [],
  waits: [servicesHealthy],
  checks: [],
  onCluster: reads('', 'pods', 'events'),

  describe({ estate, run, needs: { created, opened } }) {
    if (opened.services.length === 0) return [];
    const { args, limits } = watchedServices({ estate, run, cluster: created, services: opened.services });
    return [servicesHealthy.for(args, limits)];
  },

  /** Throws `unhealthy` that names every service by cause when a tier falls short of its policy. */
  async finish({ estate, run, clients, needs: { created, opened } }) {
    const argocd = await clients.argocd();
    const names = new Set(opened.services.map(({ application }) => application));
    const listed = await argocd.listApplications({ selector: deployedSelector(run.id) });
    const applications = listed.filter(({ metadata }) => names.has(metadata.name));
    const causes = await knownCauses(clients, { region: created.region, cluster: created.cluster }, applications);
    return judgeServices({ services: opened.services, applications, causes, waived: waived(run), tiers: tiersOf(estate) });
  },
});

function waived({ waivers }: Run): string[] {
  return waivers.map((waiver) => waiver.service);
}

function tiersOf(estate: Pick<Estate, 'services'>): Estate['services']['tiers'] {
  return estate.services.tiers;
}
