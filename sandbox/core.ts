import type { Port } from './system.ts';
import type { TlsMaterial } from './tls.ts';

/** The server's own part of a world. */
export interface CoreState {
  tls?: TlsMaterial;
  /** Where the listeners were; objects in the world hold these addresses. */
  ports?: Partial<Record<Port, number>>;
}
