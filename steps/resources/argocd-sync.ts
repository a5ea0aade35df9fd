import * as z from 'zod';
import type { ArgoApplication } from '../clients/argocd.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { applicationsByName } from './argocd-listing.ts';
import { ownerByLabel } from './argocd-owner.ts';

const id = z.strictObject({
  application: z.string().min(1),
  /** When the last sync ended, as Argo CD says; empty: there was none. */
  after: z.string(),
});

const state = z.strictObject({ started: z.literal(true) });

type State = z.infer<typeof state>;
type C = Pick<Clients, 'argocd'>;

/**
 * A sync begun after the last one: for what Argo CD doesn't sync again by itself (it gives up on a revision that failed). How it ends is
 * for await-services to tell, so that one failing service doesn't stop the others.
 */
export const argocdSync = defineDriver<z.infer<typeof id>, State, C>({
  kind: 'argocd.sync',
  noun: 'sync of the Argo CD application',
  compareAndSwap: { cas: 'yes', by: 'Argo CD runs one operation at a time and refuses another' },
  permissions: { read: ['argocd: applications, get, *'], write: ['argocd: applications, sync, *'] },
  // More at once flood the repo server.
  concurrency: 10,
  id,
  state,
  label: ({ application }) => application,

  async read(clients, ids) {
    const applications = await applicationsByName(
      await clients.argocd(),
      ids.map(({ application }) => application),
    );
    return ids.map(({ application: name, after }) => {
      const application = applications.get(name);
      const owner = ownerByLabel(`application ${name}`, application?.metadata);
      return { state: application !== undefined && startedAfter(application, after) ? { started: true as const } : null, owner };
    });
  },

  write: single(async (clients, { id: { application }, after }) => {
    if (after === null) throw new EksDrError('conflict', { message: 'A sync cannot be taken back.', target: application });
    await (await clients.argocd()).syncApplication(application, { prune: true });
  }),
});

function startedAfter({ operation, status }: ArgoApplication, after: string): boolean {
  if (operation !== undefined && operation !== null) return true;
  const last = status?.operationState;
  return last?.phase === 'Running' || (last?.finishedAt ?? '') !== after;
}
