import type { RunningSandbox } from '../../../sandbox/server.ts';
import type { Clients } from '../../../steps/clients/clients.ts';
import type { Driver } from '../../../steps/kit/driver.ts';
import type { Description } from '../../../steps/kit/resource.ts';

/** Changes of one sort that a recovery makes by the dozen. */
export interface Work {
  /** After the number of objects, in the title: "namespaces with a secret in each". */
  readonly title: string;
  readonly drivers: readonly Driver<Clients>[];
  /** The remote side, with a place of its own for each of these names, that the run owns. */
  start(places: readonly string[], run: string, latencyMs: number): Promise<RunningSandbox>;
  /** What is wanted in one of the places. */
  describe(clients: Clients, place: string, run: string, objects: number): Promise<Description>;
}

/** Names of as many objects. */
export function namesOf(objects: number): string[] {
  return Array.from({ length: objects }, (_, index) => `shop-${String(index).padStart(3, '0')}`);
}
