/** Why a service is not healthy. */
export interface Cause {
  /** What many services may have in common: they are told together. */
  readonly what: string;
  /** What of it is this service's own: an image, the name of a Secret. */
  readonly about?: string;
}

export function causeText({ what, about }: Cause): string {
  return about === undefined ? what : `${what} (${about})`;
}
