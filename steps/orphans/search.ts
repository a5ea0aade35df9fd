import type { Clients, ClusterRef } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import type { Plan } from '../kit/plan.ts';
import type { Run } from '../kit/run.ts';

/** Something of a run that is still there. */
export interface Orphan {
  /** The thing, as people call it: 'role shop-drill-1-node'. */
  readonly what: string;
  readonly where: string;
  /** How to remove it by hand, in one line. */
  readonly remove: string;
}

/** The parts of the estate that a search may read. */
export type SearchedEstate = Pick<
  Estate,
  'name' | 'targets' | 'argocd' | 'gitlab' | 'vault' | 'terraform' | 'networkPaths' | 'cloudfront' | 'apiGateway' | 'drill'
>;

export interface SearchContext {
  readonly run: Run;
  readonly estate: SearchedEstate;
  readonly clients: Clients;
  /** The cluster that the run made. */
  readonly cluster: ClusterRef;
  /** All plans of the run: what can't carry its mark is known from them. */
  readonly plans: readonly Plan[];
}

/** One look through one remote system for what a run has left there. It reads only, and lists nothing that may be somebody else's. */
export interface Search {
  readonly system: string;
  search(context: SearchContext): Promise<readonly Orphan[]>;
}
