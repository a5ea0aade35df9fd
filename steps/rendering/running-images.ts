import { fullRepository, type ImageReference, parseImage } from './image-reference.ts';

/** What ran on the primary under one application. */
export interface Running {
  /** As Argo CD lists them. */
  readonly images: readonly string[];
  /** What the sources of the live application set, one for each. */
  readonly liveSources: readonly LiveSource[];
}

/** What a source of the live application says of images: people and Image Updater set it there, past Git. */
export interface LiveSource {
  /** Helm parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly kustomizeImages: readonly string[];
}

/** The versions that ran of a repository, whichever way it is written. More than one in the middle of a rollout, or on purpose. */
export type RunningImages = (repository: string) => readonly ImageReference[];

/** Images without tag and digest tell no version and are left out. */
export function runningImages({ images }: Pick<Running, 'images'>): RunningImages {
  const versions = new Map<string, ImageReference[]>();
  for (const text of new Set(images)) {
    const image = parseImage(text);
    if (image === null || (image.tag === null && image.digest === null)) continue;
    const key = fullRepository(image.repository);
    versions.set(key, [...(versions.get(key) ?? []), image]);
  }
  return (repository) => versions.get(fullRepository(repository)) ?? [];
}

/** Those of an application's Helm parameters that set an image that ran: its repository, the whole of it, or, by their name, its tag or digest. */
export function imageParameters(parameters: readonly (readonly [string, string])[], images: readonly string[]): Record<string, string> {
  const parts = images.map(parseImage).filter((image) => image !== null);
  return Object.fromEntries(
    parameters.filter(([name, value]) => {
      const isVersion = /tag|digest|sha|version/i.test(name) && parts.some(({ tag, digest }) => value === tag || value === digest);
      return (
        isVersion || parts.some(({ repository }) => fullRepository(parseImage(value)?.repository ?? '') === fullRepository(repository))
      );
    }),
  );
}
