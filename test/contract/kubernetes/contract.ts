import { defineContract } from '../contract.ts';
import { type Cluster, realCluster, sandboxCluster } from '../subjects/kubernetes.ts';
import { access } from './access.ts';
import { admission } from './admission.ts';
import { applying } from './apply.ts';
import { applyingLists } from './apply-lists.ts';
import { customResources, history } from './custom-resources.ts';
import { deletion } from './deletion.ts';
import { discovery } from './discovery.ts';
import { immutability } from './immutability.ts';
import { limits } from './limits.ts';
import { lists } from './lists.ts';
import { namespaceDeletion } from './namespaces.ts';
import { patches } from './patches.ts';
import { tokens } from './tokens.ts';
import { validation } from './validation.ts';
import { watches } from './watches.ts';
import { workloads } from './workloads.ts';
import { writes } from './writes.ts';

export const kubernetes = defineContract<Cluster>({
  system: 'Kubernetes',
  sandbox: sandboxCluster,
  referees: { kubernetes: realCluster },
  assertions: [
    ...applying,
    ...applyingLists,
    ...patches,
    ...writes,
    ...validation,
    ...immutability,
    ...deletion,
    ...namespaceDeletion,
    ...limits,
    ...lists,
    ...watches,
    ...discovery,
    ...admission,
    ...access,
    ...tokens,
    ...customResources,
    ...history,
    ...workloads,
  ],
});
