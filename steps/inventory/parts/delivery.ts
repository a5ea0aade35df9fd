import * as z from 'zod';
import type { ArgoApplication, ArgoCd, ArgoProject } from '../../clients/argocd.ts';
import { isJsonObject } from '../../kit/json.ts';
import { definePart, sortedBy } from '../part.ts';

const schema = z
  .strictObject({
    projects: z.array(
      z.strictObject({
        name: z.string().min(1),
        /** As the project writes them; '' where it says nothing. */
        destinations: z.array(z.strictObject({ name: z.string(), server: z.string(), namespace: z.string() })),
        /** The application that manages the project, and whether it takes back what others change; null where none does. */
        managedBy: z.strictObject({ application: z.string(), selfHeals: z.boolean() }).nullable(),
      }),
    ),
    repositories: z.array(
      z.strictObject({
        url: z.string().min(1),
        type: z.string(),
        name: z.string(),
        project: z.string(),
        /** `Successful`, `Failed` or `Unknown`, and what Argo CD says to it. */
        connection: z.strictObject({ status: z.string(), message: z.string() }),
      }),
    ),
  })
  .nullable();

type Delivery = NonNullable<z.infer<typeof schema>>;

/** The projects and repositories of Argo CD: what else it takes to deliver, beside applications and clusters. */
export const delivery = definePart({
  schema,
  words: 'projects and repositories of Argo CD',
  system: 'Argo CD',
  forPeople: true,
  size: (value) => (value === null ? 0 : value.projects.length + value.repositories.length),
  read: async (clients) => readDelivery(await clients.argocd()),
});

export async function readDelivery(argocd: Pick<ArgoCd, 'listProjects' | 'listRepositories' | 'listApplications'>): Promise<Delivery> {
  const [projects, repositories, applications] = await Promise.all([
    argocd.listProjects(),
    argocd.listRepositories(),
    argocd.listApplications(),
  ]);
  return {
    projects: sortedBy(
      projects.map(({ metadata, spec }) => ({
        name: metadata.name,
        destinations: spec.destinations.map(({ name = '', server = '', namespace = '' }) => ({ name, server, namespace })),
        managedBy: managerOf(metadata.name, applications),
      })),
      ({ name }) => name,
    ),
    repositories: sortedBy(
      repositories.map(({ repo, type, name, project, connectionState }) => ({
        url: withoutPassword(repo),
        type: type === '' ? 'git' : type,
        name,
        project,
        connection: { status: connectionState?.status || 'Unknown', message: connectionState?.message ?? '' },
      })),
      ({ url, project }) => `${url} ${project}`,
    ),
  };
}

/** By what each application lists as its resources. */
function managerOf(project: ArgoProject['metadata']['name'], applications: readonly ArgoApplication[]) {
  const manager = applications.find(({ status }) =>
    (status?.resources ?? []).some(
      ({ group, kind, name, requiresPruning }) =>
        group === 'argoproj.io' && kind === 'AppProject' && name === project && requiresPruning !== true,
    ),
  );
  if (manager === undefined) return null;
  const automated = manager.spec.syncPolicy?.automated ?? null;
  const selfHeals = isJsonObject(automated) && automated.enabled !== false && automated.selfHeal === true;
  return { application: manager.metadata.name, selfHeals };
}

/** Some write their password into the address. */
function withoutPassword(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
}
