import * as z from 'zod';
import type { ArgoApplication, ArgoCd } from '../../clients/argocd.ts';
import type { Estate } from '../../estate/estate.ts';
import { isJsonObject, type Json, type JsonObject, objectOf } from '../../kit/json.ts';
import { compareText } from '../../kit/text.ts';
import { sourcesOf, targetsPrimary } from '../../rendering/application.ts';
import { imageParameters } from '../../rendering/running-images.ts';
import { writtenDown } from '../../rendering/written-down.ts';
import { definePart, sortedBy } from '../part.ts';

/** What one source of the live application sets of images. */
const liveSource = z.strictObject({ parameters: z.record(z.string(), z.string()), kustomizeImages: z.array(z.string()) });

const schema = z.strictObject({
  applications: z.array(
    z.strictObject({
      name: z.string().min(1),
      project: z.string(),
      namespace: z.string(),
      tier: z.string(),
      // An archive of an older version does not have what follows.
      /** The images that ran, as Argo CD lists them; sorted. */
      images: z.array(z.string()).default([]),
      /** One for each source of the application. */
      liveSources: z.array(liveSource).default([]),
      /** The live application, where the estate lets generated ones be recovered from it. */
      manifest: z.custom<JsonObject>(isJsonObject, 'must be an object').optional(),
    }),
  ),
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

/**
 * The applications of the estate's projects that are deployed to the primary, and the clusters of Argo CD. Where that runs on the primary
 * itself, those that only make applications (an app of apps) are left out: what they make is recovered, each for itself.
 */
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
    .filter((application) => !makesOnlyApplications(application))
    .map((application) => ({
      name: application.metadata.name,
      project: application.spec.project,
      namespace: application.spec.destination.namespace ?? '',
      tier: tierOf(application.metadata.labels, estate.services),
      images: (application.status?.summary?.images ?? []).toSorted(compareText),
      liveSources: liveSourcesOf(application),
      ...(estate.argocd.generatedApplications === 'live' ? { manifest: writtenDown(application) } : {}),
    }));
  return {
    applications: sortedBy(ours, ({ name }) => name),
    clusters: sortedBy(
      clusters.map(({ name, server }) => ({ name, server })),
      ({ name, server }) => `${name} ${server}`,
    ),
  };
}

function makesOnlyApplications({ status }: ArgoApplication): boolean {
  const resources = status?.resources ?? [];
  const kinds = new Set(['Application', 'ApplicationSet', 'AppProject']);
  return resources.length > 0 && resources.every(({ group, kind }) => group === 'argoproj.io' && kinds.has(kind));
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

function liveSourcesOf({ spec, status }: ArgoApplication): z.infer<typeof liveSource>[] {
  return sourcesOf(spec as JsonObject).map(({ helm, kustomize }) => {
    const { parameters } = objectOf(helm);
    const { images } = objectOf(kustomize);
    return {
      parameters: imageParameters((Array.isArray(parameters) ? parameters : []).flatMap(parameterOf), status?.summary?.images ?? []),
      kustomizeImages: (Array.isArray(images) ? images : []).filter((image) => typeof image === 'string'),
    };
  });
}

function parameterOf(parameter: Json): [string, string][] {
  if (!isJsonObject(parameter) || typeof parameter.name !== 'string') return [];
  return [[parameter.name, typeof parameter.value === 'string' ? parameter.value : '']];
}
