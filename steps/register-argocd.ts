import * as z from 'zod';
import { argocdAccess } from './checks/argocd-access.ts';
import { argocdApplicationSets } from './checks/argocd-application-sets.ts';
import { argocdProjects } from './checks/argocd-projects.ts';
import type { ArgoCd, ArgoProject } from './clients/argocd.ts';
import { connectCluster } from './connect-cluster.ts';
import type { Estate } from './estate/estate.ts';
import { EksDrError } from './kit/errors.ts';
import type { JsonObject } from './kit/json.ts';
import type { Run } from './kit/run.ts';
import { RUN_LABEL, recoveryProject } from './naming.ts';
import { drillProjectSpec, primaryNamespaces } from './projects/destinations.ts';
import { argocdCluster } from './resources/argocd-cluster.ts';
import { argocdProject } from './resources/argocd-project.ts';
import { argocdProjectDestination } from './resources/argocd-project-destination.ts';
import { defineStep } from './step.ts';
import { argocdClusterListed } from './waits/argocd-cluster-listed.ts';

export const registerArgocd = defineStep({
  id: 'register-argocd',
  title: 'Register the cluster with Argo CD',
  needs: { connected: connectCluster },
  reads: ['argocd', 'primary'],
  outputs: z.object({
    /** The cluster's name in Argo CD. */
    name: z.string(),
    server: z.string(),
    /** The AppProject of this recovery for each one of the primary. */
    projects: z.record(z.string(), z.string()),
  }),
  drivers: [argocdCluster, argocdProject, argocdProjectDestination],
  waits: [argocdClusterListed],
  checks: [argocdAccess, argocdApplicationSets, argocdProjects],

  async describe({ estate, run, clients, needs: { connected } }) {
    const { cluster, region, endpoint, ca } = connected;
    const argocd = await clients.argocd();
    await refuseTakenName(argocd, cluster, endpoint, run);
    const projects = await projectsOf(argocd, estate);
    const primary = estate.primary.argocdDestination;

    return [
      argocdCluster.resource(
        { name: cluster },
        { server: endpoint, ca, authentication: { cluster, region, roleArn: estate.argocd.roleArn }, run: run.id },
      ),
      run.mode === 'drill'
        ? projects.map((project) =>
            argocdProject.resource(
              { name: recoveryProject(project.metadata.name, run) },
              { run: run.id, spec: drillProjectSpec(project.spec as unknown as JsonObject, primary, { name: cluster, server: endpoint }) },
            ),
          )
        : projects.flatMap((project) =>
            primaryNamespaces(project.spec.destinations, primary).map((namespace) =>
              argocdProjectDestination.resource({ project: project.metadata.name, cluster, namespace }, { server: endpoint }),
            ),
          ),
      argocdClusterListed.for({ name: cluster }),
    ];
  },

  finish({ estate, run, needs: { connected } }) {
    const projects = Object.fromEntries(estate.argocd.projects.map((project) => [project, recoveryProject(project, run)]));
    return { name: connected.cluster, server: connected.endpoint, projects };
  },
});

/** A registration that isn't this run's own is never taken over, nor may two share an address. */
async function refuseTakenName(argocd: ArgoCd, name: string, server: string, run: Pick<Run, 'id'>): Promise<void> {
  for (const cluster of await argocd.listClusters()) {
    const foreign = cluster.labels[RUN_LABEL] !== run.id;
    const sameName = cluster.name === name && foreign;
    const sameServer = cluster.server === server && (cluster.name !== name || foreign);
    if (!sameName && !sameServer) continue;
    throw new EksDrError('conflict', {
      message: `Argo CD already knows ${sameServer ? `the address ${server} as cluster ${cluster.name}` : `another cluster as ${name}`}, which run ${run.id} did not register.`,
      target: cluster.name,
      remedy: 'Find out what it is for; remove that registration from Argo CD, then plan again.',
    });
  }
}

async function projectsOf(argocd: ArgoCd, estate: Pick<Estate, 'argocd' | 'primary'>): Promise<ArgoProject[]> {
  const all = new Map((await argocd.listProjects()).map((project) => [project.metadata.name, project]));
  const missing = estate.argocd.projects.filter((name) => !all.has(name));
  if (missing.length > 0) {
    throw new EksDrError('input-invalid', {
      message: `Argo CD shows no AppProject ${missing.join(', ')} to this token.`,
      remedy: 'Correct argocd.projects in the estate, or let the token read these projects, then plan again.',
    });
  }
  return estate.argocd.projects.flatMap((name) => all.get(name) ?? []);
}
