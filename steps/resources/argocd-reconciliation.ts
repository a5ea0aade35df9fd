import * as z from 'zod';
import type { ArgoApplication } from '../clients/argocd.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { applicationsByName } from './argocd-listing.ts';
import { ownerByLabel } from './argocd-owner.ts';

/** Where it says "true", the application controller passes the application over: it neither compares nor syncs nor heals it. */
const SKIP_RECONCILE = 'argocd.argoproj.io/skip-reconcile';

const id = z.strictObject({ application: z.string().min(1) });

/** As the annotation has it: "true" holds the application, anything else doesn't; null: there is no annotation. */
const state = z.strictObject({ skipReconcile: z.string().nullable() });

type State = z.infer<typeof state>;
type C = Pick<Clients, 'argocd'>;

/** What is desired of an application that Argo CD shall leave as it is. */
export const HELD: State = { skipReconcile: 'true' };

/** Whether Argo CD reconciles an application. Works while the cluster behind it can't be reached. */
export const argocdReconciliation = defineDriver<z.infer<typeof id>, State, C>({
  kind: 'argocd.reconciliation',
  noun: 'reconciliation of the Argo CD application',
  compareAndSwap: { cas: 'no', window: 'the moment between reading and writing: Argo CD itself repeats an update over a conflict' },
  permissions: { read: ['argocd: applications, get, *'], write: ['argocd: applications, update, *'] },
  concurrency: 10,
  id,
  state,
  label: ({ application }) => application,

  async read(clients, ids) {
    const applications = await applicationsByName(
      await clients.argocd(),
      ids.map(({ application }) => application),
    );
    return ids.map(({ application: name }) => {
      const application = applications.get(name);
      const state = application === undefined ? null : { skipReconcile: application.metadata.annotations[SKIP_RECONCILE] ?? null };
      return { state, owner: ownerByLabel(`application ${name}`, application?.metadata), version: application };
    });
  },

  write: single(async (clients, { id: { application: name }, after, observed }) => {
    const live = observed.version as ArgoApplication | undefined;
    if (after === null || live === undefined) throw gone(name);
    const { labels, annotations, finalizers } = live.metadata;
    const { [SKIP_RECONCILE]: _skip, ...others } = annotations;
    const wanted = after.skipReconcile === null ? others : { ...others, [SKIP_RECONCILE]: after.skipReconcile };
    const application = { metadata: { name, labels, annotations: wanted, finalizers }, spec: live.spec };
    // Its sources stay as they are: rendering those of a whole platform would keep the repo server busy for nothing.
    await (await clients.argocd()).updateApplication(name, application, { validate: false });
  }),
});

function gone(name: string): EksDrError {
  return new EksDrError('conflict', { message: `Argo CD has no application ${name} (any more) that could be held.`, target: name });
}
