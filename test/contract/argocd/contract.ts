import { defineContract } from '../contract.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { sandboxArgocd } from '../subjects/argocd/sandbox.ts';
import { realArgocd } from '../subjects/argocd/server.ts';
import { clusters } from './clusters.ts';
import { deletion } from './deletion.ts';
import { projects } from './projects.ts';
import { reads } from './reads.ts';
import { server } from './server.ts';
import { syncs } from './sync.ts';
import { validation } from './validation.ts';
import { watches } from './watch.ts';
import { writes } from './writes.ts';

export const argocd = defineContract<ArgoCd>({
  system: 'Argo CD',
  sandbox: sandboxArgocd,
  referees: { argocd: realArgocd },
  // Most of them wait for its controller.
  atOnce: 12,
  assertions: [...server, ...reads, ...writes, ...validation, ...syncs, ...deletion, ...watches, ...projects, ...clusters],
});
