import * as z from 'zod';
import type { ArgoCd } from '../../clients/argocd.ts';
import type { Estate } from '../../estate/estate.ts';
import type { Json } from '../../kit/json.ts';
import { targetsPrimary } from '../../rendering/recover-application.ts';
import { definePart, sortedBy } from '../part.ts';

const schema = z.strictObject({
  applications: z.array(z.strictObject({ name: z.string().min(1), project: z.string(), namespace: z.string(), tier: z.string() })),
  clusters: z.array(z.strictObject({ name: z.string(), server: z.string() })),
});

type Applications = z.infer<typeof schema>;

/** What Argo CD knows: the applications on the primary, and the clusters it deploys to. */
export const applications = definePart({
  schema,
  words: 'Argo CD applications',
  system: 'Argo CD',
  size: ({ applications }) => applications.length,
  read: async (clients, estate) => readApplications(await clients.argocd(), estate),
});

/** The applications of the estate's projects that are deployed to the primary, and the clusters of Argo CD. */
export async function readApplications(
  argocd: Pick<ArgoCd, 'listApplications' | 'listClusters'>,
  estate: Pick<Estate, 'argocd' | 'primary' | 'services'>,
): Promise<Applications> {
  const [applications, clusters] = await Promise.all([
    argocd.listApplications({ projects: estate.argocd.projects }),
    argocd.listClusters(),
  ]);
  const ours = applications
    .filter(
      ({ spec }) =>
        estate.argocd.projects.includes(spec.project) &&
        targetsPrimary({ spec: { destination: destinationOf(spec.destination) } }, estate.primary.argocdDestination),
    )
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      project: spec.project,
      namespace: spec.destination.namespace ?? '',
      tier: tierOf(metadata.labels, estate.services),
    }));
  return {
    applications: sortedBy(ours, ({ name }) => name),
    clusters: sortedBy(
      clusters.map(({ name, server }) => ({ name, server })),
      ({ name, server }) => `${name} ${server}`,
    ),
  };
}

/** A service without a known tier counts to the last one: the least critical. */
export function tierOf(labels: Readonly<Record<string, string>>, policy: Estate['services']): string {
  const known = policy.tiers.find(({ name }) => name === labels[policy.tierLabel]);
  return (known ?? policy.tiers.at(-1))?.name ?? '';
}

function destinationOf({
  name,
  server,
}: {
  readonly name?: string | undefined;
  readonly server?: string | undefined;
}): Record<string, Json> {
  return { ...(name === undefined ? {} : { name }), ...(server === undefined ? {} : { server }) };
}
