import * as z from 'zod';
import type { ArgoApplication, ArgoCd } from '../clients/argocd.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, type Observed, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { ADDON_LABEL, RUN_LABEL } from '../naming.ts';
import { canonicalSpec } from './argocd-canonical.ts';
import { applicationsByName } from './argocd-listing.ts';
import { labelledBy, ownerByLabel } from './argocd-owner.ts';

// Whoever deletes the application, what it deployed goes along. Deleting with cascade adds it anyway, so it is no part of the state.
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

const id = z.strictObject({ name: z.string().min(1) });

const state = z.strictObject({
  run: z.string().nullable(),
  /** The add-on that it installs; left out of a service's. */
  addon: z.string().optional(),
  spec: z.record(z.string(), z.json()),
});

export type ApplicationState = z.infer<typeof state>;
type C = Pick<Clients, 'argocd'>;

/** What of both ways to delete an application is the same. */
const common = {
  compareAndSwap: { cas: 'no', window: 'the moment between reading and writing: Argo CD itself repeats an update over a conflict' },
  id,
  state,
  label: ({ name }: { readonly name: string }) => name,
  canonical: (application: ApplicationState) => ({ ...application, spec: canonicalOwned(application.spec as JsonObject) }),

  async read(clients: C, ids: readonly z.infer<typeof id>[]) {
    const applications = await applicationsByName(
      await clients.argocd(),
      ids.map(({ name }) => name),
    );
    return ids.map(({ name }) => observe(name, applications.get(name)));
  },
} as const;

/**
 * An Argo CD application, but for its automated sync (argocd.automated-sync). It is deleted with everything that it deployed, and absent
 * only when all of that is gone.
 */
export const argocdApplication = defineDriver<z.infer<typeof id>, ApplicationState, C>({
  kind: 'argocd.application',
  noun: 'Argo CD application',
  ...common,
  withoutCluster: { as: 'argocd.application-alone' },
  permissions: {
    read: ['argocd: applications, get, *'],
    write: [
      'argocd: applications, create, *',
      'argocd: applications, update, *',
      'argocd: applications, delete, *',
      'argocd: applications, sync, *',
    ],
  },
  // More deletions at once flood the controller.
  concurrency: 10,
  // Deleting takes load balancers along, which take minutes.
  visibleWithinSeconds: 1200,
  write: single(async (clients, { id: { name }, after, observed }) => {
    const argocd = await clients.argocd();
    if (after === null) return remove(argocd, name);
    const live = observed.version as ArgoApplication | undefined;
    const others = (live?.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    const metadata = {
      name,
      labels: withAddon(labelledBy(after.run, live?.metadata.labels), after.addon),
      annotations: live?.metadata.annotations ?? {},
      finalizers: [...others, FINALIZER],
    };
    const application = { metadata, spec: withAutomated(after.spec as JsonObject, live?.spec.syncPolicy?.automated) };
    await (live === undefined ? argocd.createApplication(application) : argocd.updateApplication(name, application));
  }),
});

/**
 * The same application, deleted alone: what it deployed is left where it is, for its cluster is gone, and Argo CD would try for ever. Its
 * finalizer is taken off, even where a deletion waits for it already.
 */
export const argocdApplicationAlone = defineDriver<z.infer<typeof id>, ApplicationState, C>({
  ...common,
  kind: 'argocd.application-alone',
  noun: 'Argo CD application (its finalizer off, without what it deployed)',
  permissions: { read: ['argocd: applications, get, *'], write: ['argocd: applications, delete, *'] },
  visibleWithinSeconds: 120,

  write: single(async (clients, { id: { name }, after }) => {
    if (after !== null) throw new EksDrError('bug', { message: `argocd.application-alone only deletes, but was to write ${name}.` });
    await (await clients.argocd()).deleteApplication(name, { cascade: false });
  }),
});

/**
 * Argo CD deletes nothing of an application while a sync of it runs, and one that waits for something to become healthy may run for ever.
 * What is being deleted begins no new one by itself.
 */
async function remove(argocd: ArgoCd, name: string): Promise<void> {
  await argocd.deleteApplication(name, { cascade: true });
  const [left] = await argocd.listApplications({ name });
  if ((left?.operation ?? null) !== null) await argocd.terminateOperation(name);
}

function observe(name: string, application: ArgoApplication | undefined): Observed<ApplicationState> {
  const owner = ownerByLabel(`application ${name}`, application?.metadata);
  if (application === undefined) return { state: null, owner };
  const addon = application.metadata.labels[ADDON_LABEL];
  return {
    state: {
      run: application.metadata.labels[RUN_LABEL] ?? null,
      ...(addon === undefined ? {} : { addon }),
      spec: canonicalOwned(application.spec as JsonObject),
    },
    owner,
    version: application,
  };
}

function withAddon({ [ADDON_LABEL]: _addon, ...labels }: Record<string, string>, addon: string | undefined): Record<string, string> {
  return addon === undefined ? labels : { ...labels, [ADDON_LABEL]: addon };
}

function canonicalOwned(spec: JsonObject): ApplicationState['spec'] {
  return canonicalSpec(withAutomated(spec, undefined)) as ApplicationState['spec'];
}

/** The spec with exactly this automated sync, whatever stood there. */
function withAutomated(spec: JsonObject, automated: Json | undefined): JsonObject {
  const { syncPolicy, ...rest } = spec;
  const { automated: _automated, ...policy } = isJsonObject(syncPolicy) ? syncPolicy : {};
  return { ...rest, syncPolicy: automated === undefined ? policy : { ...policy, automated } };
}
