import * as z from 'zod';
import type { KubernetesObject } from '../../clients/kubernetes.ts';
import { definePart, sortedBy } from '../part.ts';

const schema = z
  .array(
    z.strictObject({
      /** As the pods name it. */
      image: z.string().min(1),
      /** `sha256:...` of what was pulled for it; several where its tag was moved while pods ran. */
      digests: z.array(z.string()),
    }),
  )
  .nullable();

/** The images that ran, by what was really pulled: a tag says nothing of that, nor what another registry has under it. */
export const imageDigests = definePart({
  schema,
  words: 'digests of images that ran',
  system: 'the primary cluster',
  forPeople: true,
  size: (value) => value?.length ?? 0,

  async read(clients, { primary: { region, cluster } }) {
    const pods = await (await clients.kubernetes({ region, cluster })).list({ apiVersion: 'v1', kind: 'Pod' });
    const digests = new Map<string, Set<string>>();
    for (const [image, digest] of pods.flatMap(pulledBy)) digests.set(image, (digests.get(image) ?? new Set()).add(digest));
    return sortedBy(
      [...digests].map(([image, found]) => ({ image, digests: [...found].toSorted() })),
      ({ image }) => image,
    );
  },
});

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly imageID?: string;
}

/** Images and digests of a pod. What the kubelet names `repository@sha256:...` is that of the registry; without the repository it is another. */
function pulledBy({ spec, status }: KubernetesObject): [string, string][] {
  const wanted = containersIn(spec, ['containers', 'initContainers']);
  const statuses = containersIn(status, ['containerStatuses', 'initContainerStatuses']);
  return statuses.flatMap(({ name, imageID = '' }) => {
    const image = wanted.find((container) => container.name === name)?.image;
    const digest = /@(sha256:[0-9a-f]{64})$/.exec(imageID)?.[1];
    return image === undefined || digest === undefined ? [] : [[image, digest] as [string, string]];
  });
}

function containersIn(part: unknown, fields: readonly string[]): Container[] {
  const values = (part ?? {}) as Readonly<Record<string, readonly Container[] | undefined>>;
  return fields.flatMap((field) => values[field] ?? []);
}
