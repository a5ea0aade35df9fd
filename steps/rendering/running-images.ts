import { fullRepository, type ImageReference, parseImage } from './image-reference.ts';

/** What ran on the primary under one application. */
export interface Running {
  /** As Argo CD lists them. */
  readonly images: readonly string[];
  /** What the sources of the live application set, one for each. */
  readonly liveSources: readonly LiveSource[];
}

export interface LiveSource {
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
