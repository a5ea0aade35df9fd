import { askCluster } from './ask-cluster.ts';
import { searchOrphans } from './search-orphans.ts';
import type { Step } from './step.ts';

/** Steps that are no part of a run's graph: they only look, when the command line wants to know something. */
export const looks: readonly Step[] = [askCluster, searchOrphans];
