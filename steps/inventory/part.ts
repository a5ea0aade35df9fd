import type * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import { compareText } from '../kit/text.ts';

/** What reading a part may look at. */
export type PartEstate = Pick<
  Estate,
  'primary' | 'argocd' | 'gitlab' | 'services' | 'inventory' | 'vault' | 'namespaces' | 'apiGateway' | 'route53' | 'cloudfront'
>;

/** A part of the inventory: read from one system, or taken from the last archived inventory. */
export interface Part<T> {
  readonly schema: z.ZodType<T>;
  /** What people call the things in it: 'load balancers'. */
  readonly words: string;
  /** What people call the system behind it: 'Argo CD'. */
  readonly system: string;
  /**
   * Whether it only tells people something: no later step goes by it, so nothing about it stops a recovery. Where it is neither live nor
   * archived it is unknown, and its value is null.
   */
  readonly forPeople?: boolean;
  /** How many things it holds: what the shrink check compares. */
  size(value: T): number;
  read(clients: Clients, estate: PartEstate): Promise<T>;
}

/** Keeps the schema's own type, for `z.infer` and for its inner shapes. */
export function definePart<T, S extends z.ZodType<T>>(part: Part<T> & { readonly schema: S }): Part<T> & { readonly schema: S } {
  return part;
}

/** Sorted, so that the same things make the same inventory. */
export function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.toSorted((a, b) => compareText(key(a), key(b)));
}
