import * as z from 'zod';
import { gitlabAccess } from './checks/gitlab-access.ts';
import { gitlabPlaces } from './checks/gitlab-places.ts';
import { EksDrError } from './kit/errors.ts';
import { branchNow } from './merge-request/branch-now.ts';
import { folderReadmes } from './merge-request/folder-readmes.ts';
import { refuseKeptElsewhere } from './merge-request/kept-elsewhere.ts';
import { holds, keptFiles } from './merge-request/kept-files.ts';
import { mergeRequestTitle, mergeRequestValues } from './merge-request/merge-request-text.ts';
import { recoverTemplates } from './merge-request/recover-templates.ts';
import { recoveredServices } from './merge-request/recovered-services.ts';
import { recoveryBranch, recoveryClusterName, recoveryFolder } from './naming.ts';
import { preflight } from './preflight.ts';
import { gitlabBranch } from './resources/gitlab-branch.ts';
import { gitlabFile } from './resources/gitlab-file.ts';
import { gitlabMergeRequest } from './resources/gitlab-merge-request.ts';
import { currentRequest } from './resources/gitlab-requests.ts';
import { blobsAt } from './resources/gitlab-tree.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { renderTemplate } from './templates.ts';
import { mergeRequestChecked } from './waits/merge-request-checked.ts';

const service = z.object({
  name: z.string(),
  application: z.string(),
  project: z.string(),
  namespace: z.string(),
  tier: z.string(),
  /** From 1; null where all start at once. */
  wave: z.number().nullable(),
  file: z.string(),
});

export const openMergeRequest = defineStep({
  id: 'open-merge-request',
  title: 'Open the merge request with the recovered applications',
  needs: { inventory: takeInventory },
  after: [preflight],
  reads: ['name', 'primary', 'targets', 'argocd', 'gitlab', 'drill', 'services'],
  outputs: z.object({
    project: z.string(),
    iid: z.number(),
    url: z.string(),
    branch: z.string(),
    /** The newest commit of the branch: what is reviewed, and what will be merged. */
    sha: z.string(),
    folder: z.string(),
    services: z.array(service),
  }),
  drivers: [gitlabBranch, gitlabFile, gitlabMergeRequest],
  waits: [mergeRequestChecked],
  checks: [gitlabAccess, gitlabPlaces],

  async describe({ estate, run, clients, log, needs: { inventory } }) {
    const [gitlab, argocd] = await Promise.all([clients.gitlab(), clients.argocd()]);
    const { project, targetBranch: target, reviewers } = estate.gitlab;
    const cluster = recoveryClusterName(estate, run);
    const folder = recoveryFolder(estate.gitlab, cluster);
    const source = recoveryBranch(run);
    const services = recoveredServices(inventory, { cluster, folder }, run, estate);

    const { rendering, ...recovered } = await recoverTemplates({ argocd, gitlab }, { estate, run, inventory, services });
    refuseMissing(services, rendering.services);
    const readmes = folderReadmes({ run, cluster, services });
    const files = new Map([...rendering.files, ...readmes].map(({ path, text }) => [`${folder}/${path}`, text]));

    const { request, from, blobs, touched } = await branchNow(gitlab, { project, source, target, folder });
    const kept = keptFiles({ blobs, touched }, files, folder);
    refuseKeptElsewhere(kept, files, folder);
    const ours = (path: string): boolean => !kept.some((one) => one.path === path);
    if (request?.state === 'merged' && holds(await blobsAt(gitlab, project, target, folder), files, ours)) return [];
    if (kept.length > 0) log.warn(`left on ${source} as people have them: ${kept.map(({ path, how }) => `${path} (${how})`).join(', ')}`);
    const stale = [...blobs.keys()].filter((path) => !files.has(path) && ours(path));
    const facts = {
      run,
      cluster,
      folder,
      templates: inventory.templates,
      services,
      rendered: rendering.services,
      recovered,
      kept,
    };
    const description = await renderTemplate('merge-request.md.hbs', mergeRequestValues(facts));

    return [
      gitlabBranch.resource({ project, branch: source, target }, { from }),
      [
        ...[...files]
          .filter(([path]) => ours(path))
          .map(([path, content]) => gitlabFile.resource({ project, branch: source, base: from, path }, { content })),
        ...stale.map((path) => gitlabFile.resource({ project, branch: source, base: from, path }, null)),
      ],
      gitlabMergeRequest.resource(
        { project, source, target },
        { status: 'opened', title: mergeRequestTitle(facts), description, reviewers },
      ),
      mergeRequestChecked.for({ project, source, target }),
    ];
  },

  /** What is merged is taken back by merge-deploy; here an open request is closed, and the branch goes. */
  async undo({ estate, run, clients }) {
    const gitlab = await clients.gitlab();
    const { project, targetBranch: target } = estate.gitlab;
    const source = recoveryBranch(run);
    const [request, branch] = await Promise.all([currentRequest(gitlab, project, source, target), gitlab.branch(project, source)]);
    return [
      ...(request?.state === 'opened' ? [gitlabMergeRequest.resource({ project, source, target }, null)] : []),
      ...(branch === null ? [] : [gitlabBranch.resource({ project, branch: source, target }, null)]),
    ];
  },

  async finish({ estate, run, clients, needs: { inventory } }) {
    const gitlab = await clients.gitlab();
    const { project, targetBranch: target } = estate.gitlab;
    const source = recoveryBranch(run);
    const cluster = recoveryClusterName(estate, run);
    const folder = recoveryFolder(estate.gitlab, cluster);
    const request = await currentRequest(gitlab, project, source, target);
    // What its reviewers see. If the branch is further already, merging is refused for that.
    const sha = request?.sha ?? (await gitlab.branch(project, source))?.commit.id;
    if (request === undefined || request.state === 'closed' || sha === undefined) {
      throw new EksDrError('conflict', {
        message: `The merge request from ${source} of ${project} is gone.`,
        target: source,
        remedy: 'Plan this step again.',
      });
    }
    return {
      project,
      iid: request.iid,
      url: request.web_url,
      branch: source,
      sha,
      folder,
      services: recoveredServices(inventory, { cluster, folder }, run, estate),
    };
  },
});

function refuseMissing(chosen: readonly { name: string; file: string }[], rendered: readonly { name: string }[]): void {
  const names = new Set(rendered.map(({ name }) => name));
  const missing = chosen.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new EksDrError('input-invalid', {
    message: `No template of the primary defines ${missing.length === 1 ? 'the service' : 'these services'}: ${missing.join(', ')}.`,
    remedy: 'Take a new inventory; check that their templates name the primary as primary.argocdDestination in the estate does.',
  });
}
