import * as z from 'zod';
import type { ArgoApplication } from '../clients/argocd.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, eachId, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { isJsonObject, type JsonObject } from '../kit/json.ts';
import { ownerByLabel } from './argocd-owner.ts';

const id = z.strictObject({ application: z.string().min(1) });

const state = z.strictObject({ prune: z.boolean(), selfHeal: z.boolean() });

type State = z.infer<typeof state>;
type C = Pick<Clients, 'argocd'>;

/**
 * Whether Argo CD syncs an application by itself. A resource of its own, so that one plan can hold an application and delete it later:
 * without the hold it would make anew what is deleted below it.
 */
export const argocdAutomatedSync = defineDriver<z.infer<typeof id>, State, C>({
  kind: 'argocd.automated-sync',
  withoutCluster: 'needless',
  noun: 'automated sync of the Argo CD application',
  compareAndSwap: { cas: 'no', window: 'the moment between reading and writing: Argo CD itself repeats an update over a conflict' },
  permissions: { read: ['argocd: applications, get, *'], write: ['argocd: applications, update, *'] },
  id,
  state,
  label: ({ application }) => application,

  read: eachId(async (clients: C, { application: name }) => {
    const [application] = await (await clients.argocd()).listApplications({ name });
    return {
      state: application === undefined ? null : automatedOf(application),
      owner: ownerByLabel(`application ${name}`, application?.metadata),
      version: application,
    };
  }),

  write: single(async (clients, { id: { application: name }, after }) => {
    const argocd = await clients.argocd();
    // Read anew: an earlier change of the same plan may have made the application.
    const [application] = await argocd.listApplications({ name });
    if (application === undefined) throw new EksDrError('conflict', { message: `Argo CD has no application ${name}.`, target: name });
    const { metadata, spec } = application;
    const { automated: _automated, ...policy } = isJsonObject(spec.syncPolicy) ? (spec.syncPolicy as JsonObject) : {};
    const syncPolicy = after === null ? policy : { ...policy, automated: { prune: after.prune, selfHeal: after.selfHeal } };
    const { labels, annotations, finalizers } = metadata;
    await argocd.updateApplication(name, { metadata: { name, labels, annotations, finalizers }, spec: { ...spec, syncPolicy } });
  }),
});

function automatedOf({ spec }: ArgoApplication): State | null {
  const automated = spec.syncPolicy?.automated;
  if (!isJsonObject(automated) || automated.enabled === false) return null;
  return { prune: automated.prune === true, selfHeal: automated.selfHeal === true };
}
