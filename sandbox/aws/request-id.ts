import { randomUUID } from 'node:crypto';

/** A request id in the form AWS uses. It is never stored, so it may be random. */
export function requestId(): string {
  return randomUUID();
}
