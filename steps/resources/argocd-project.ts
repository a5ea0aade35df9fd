import * as z from 'zod';
import type { ArgoProject } from '../clients/argocd.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, single } from '../kit/driver.ts';
import type { JsonObject } from '../kit/json.ts';
import { RUN_LABEL } from '../naming.ts';
import { canonicalSpec } from './argocd-canonical.ts';
import { labelledBy, ownerByLabel } from './argocd-owner.ts';

const id = z.strictObject({ name: z.string().min(1) });

const state = z.strictObject({ run: z.string().nullable(), spec: z.record(z.string(), z.json()) });

type State = z.infer<typeof state>;
type C = Pick<Clients, 'argocd'>;

/** An AppProject as a whole: a drill's own. */
export const argocdProject = defineDriver<z.infer<typeof id>, State, C>({
  kind: 'argocd.project',
  noun: 'AppProject',
  compareAndSwap: { cas: 'yes', by: 'resourceVersion' },
  permissions: {
    read: ['argocd: projects, get, *'],
    write: ['argocd: projects, create, *', 'argocd: projects, update, *', 'argocd: projects, delete, *'],
  },
  id,
  state,
  label: ({ name }) => name,
  canonical: ({ run, spec }) => ({ run, spec: canonicalSpec(spec as JsonObject) as State['spec'] }),

  async read(clients, ids) {
    const projects = new Map((await (await clients.argocd()).listProjects()).map((project) => [project.metadata.name, project]));
    return ids.map(({ name }) => {
      const project = projects.get(name);
      return {
        state:
          project === undefined
            ? null
            : { run: project.metadata.labels[RUN_LABEL] ?? null, spec: canonicalSpec(project.spec as JsonObject) as State['spec'] },
        owner: ownerByLabel(`AppProject ${name}`, project?.metadata),
        version: project,
      };
    });
  },

  write: single(async (clients, { id: { name }, after, observed }) => {
    const argocd = await clients.argocd();
    if (after === null) return argocd.deleteProject(name);
    const live = observed.version as ArgoProject | undefined;
    const labels = labelledBy(after.run, live?.metadata.labels);
    if (live === undefined) return argocd.createProject({ metadata: { name, labels }, spec: after.spec });
    await argocd.updateProject(name, { ...live, metadata: { ...live.metadata, labels }, spec: after.spec });
  }),
});
