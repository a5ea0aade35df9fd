/** A container image as it is written: `repository[:tag][@digest]`. */
export interface ImageReference {
  /** With its registry, as written. */
  readonly repository: string;
  readonly tag: string | null;
  /** `sha256:...` */
  readonly digest: string | null;
}

// https://github.com/distribution/reference: a colon after the last slash starts the tag; before it, it is a port.
const reference = /^(?<repository>[\w.-]+(?::\d+)?(?:\/[\w.-]+)*?)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Reads an image reference; null for what is none. */
export function parseImage(text: string): ImageReference | null {
  const { repository, tag, digest } = reference.exec(text)?.groups ?? {};
  return repository === undefined ? null : { repository, tag: tag ?? null, digest: digest ?? null };
}

export function imageText({ repository, tag, digest }: ImageReference): string {
  return `${repository}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}

/** The repository by its full name: Docker Hub's are written short. */
export function fullRepository(repository: string): string {
  const [first = '', ...rest] = repository.split('/');
  if (rest.length === 0) return `docker.io/library/${first}`;
  return /[.:]|^localhost$/.test(first) ? repository : `docker.io/${repository}`;
}
