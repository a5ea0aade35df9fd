import * as z from 'zod';
import type { ArgoProject, ProjectDestination } from '../clients/argocd.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { ownerByLabel } from './argocd-owner.ts';

const id = z.strictObject({
  project: z.string().min(1),
  /** The cluster's name in Argo CD. */
  cluster: z.string().min(1),
  namespace: z.string().min(1),
});

const state = z.strictObject({ server: z.string() });

type Id = z.infer<typeof id>;
type C = Pick<Clients, 'argocd'>;

/** One entry in the destinations of an AppProject that exists already; everything else in the project stays as it is. */
export const argocdProjectDestination = defineDriver<Id, z.infer<typeof state>, C>({
  kind: 'argocd.project-destination',
  noun: 'destination of an AppProject',
  compareAndSwap: { cas: 'yes', by: 'resourceVersion of the AppProject' },
  permissions: { read: ['argocd: projects, get, *'], write: ['argocd: projects, update, *', 'argocd: clusters, update, *'] },
  batch: 1000,
  id,
  state,
  label: ({ project, cluster, namespace }) => `${project}: ${namespace} on ${cluster}`,
  group: ({ project }) => project,

  async read(clients, ids) {
    const projects = new Map((await (await clients.argocd()).listProjects()).map((project) => [project.metadata.name, project]));
    return ids.map((one) => {
      const project = projects.get(one.project);
      if (project === undefined) throw missing(one.project);
      const entry = project.spec.destinations.find((destination) => matches(destination, one));
      return {
        state: entry === undefined ? null : { server: entry.server ?? '' },
        // A new entry opens the whole project to a cluster: it is a change of the project.
        owner: ownerByLabel(`AppProject ${one.project}`, project.metadata),
        version: project,
      };
    });
  },

  async write(clients, writes) {
    const [first] = writes;
    if (first === undefined) return;
    const project = first.observed.version as ArgoProject;
    const destinations = writes.reduce<ProjectDestination[]>((entries, write) => {
      const others = entries.filter((entry) => !matches(entry, write.id));
      const { cluster: name, namespace } = write.id;
      return write.after === null ? others : [...others, { server: write.after.server, name, namespace }];
    }, project.spec.destinations);
    await (await clients.argocd()).updateProject(first.id.project, { ...project, spec: { ...project.spec, destinations } });
  },
});

function matches(entry: ProjectDestination, { cluster, namespace }: Id): boolean {
  return entry.name === cluster && entry.namespace === namespace;
}

function missing(project: string): EksDrError {
  return new EksDrError('conflict', {
    message: `Argo CD has no AppProject ${project}, or the token may not see it.`,
    target: project,
    remedy: 'Correct argocd.projects in the estate, or let the token read the project, then plan again.',
  });
}
