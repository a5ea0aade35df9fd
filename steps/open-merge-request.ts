import * as z from 'zod';
import { gitlabAccess } from './checks/gitlab-access.ts';
import { gitlabPlaces } from './checks/gitlab-places.ts';
import { gitBlobId } from './clients/git-blob.ts';
import type { GitLab } from './clients/gitlab.ts';
import { EksDrError } from './kit/errors.ts';
import { recoverTemplates } from './merge-request/recover-templates.ts';
import { recoveredServices } from './merge-request/recovered-services.ts';
import { templatesInGit } from './merge-request/templates-in-git.ts';
import { recoveryBranch, recoveryClusterName, recoveryFolder } from './naming.ts';
import { preflight } from './preflight.ts';
import { folderReadme, mergeRequestTitle, mergeRequestValues } from './rendering/merge-request-text.ts';
import { gitlabBranch } from './resources/gitlab-branch.ts';
import { gitlabFile } from './resources/gitlab-file.ts';
import { gitlabMergeRequest } from './resources/gitlab-merge-request.ts';
import { currentRequest } from './resources/gitlab-requests.ts';
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
  file: z.string(),
});

export const openMergeRequest = defineStep({
  id: 'open-merge-request',
  title: 'Open the merge request with the recovered applications',
  needs: { inventory: takeInventory },
  after: [preflight],
  reads: ['name', 'primary', 'targets', 'argocd', 'gitlab', 'drill'],
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

  async describe({ estate, run, clients, needs: { inventory } }) {
    const [gitlab, argocd] = await Promise.all([clients.gitlab(), clients.argocd()]);
    const { project, targetBranch: target, reviewers } = estate.gitlab;
    const cluster = recoveryClusterName(estate, run);
    const folder = recoveryFolder(estate.gitlab, cluster);
    const source = recoveryBranch(run);
    const services = recoveredServices(inventory, { cluster, folder }, run, estate.drill);

    const recovered = await recoverTemplates(
      { estate, run, argocd },
      inventory,
      await templatesInGit(gitlab, inventory.templates),
      services,
    );
    const { rendering } = recovered;
    refuseMissing(services, rendering.services);
    const files = new Map(
      [...rendering.files, { path: 'README.md', text: folderReadme({ run, cluster }) }].map(({ path, text }) => [
        `${folder}/${path}`,
        text,
      ]),
    );

    const [request, branch] = await Promise.all([currentRequest(gitlab, project, source, target), gitlab.branch(project, source)]);
    if (request?.state === 'merged' && (await holds(gitlab, project, target, folder, files))) return [];
    const from =
      branch === null ? await headOf(gitlab, project, target) : ((await gitlab.mergeBase(project, [target, source])) ?? branch.commit.id);
    const present = (await gitlab.tree(project, branch === null ? from : source, folder)) ?? [];
    const stale = present.filter(({ type, path }) => type === 'blob' && !files.has(path)).map(({ path }) => path);
    const facts = {
      run,
      cluster,
      folder,
      templates: inventory.templates,
      services,
      rendered: rendering.services,
      translated: recovered.translated,
      literals: recovered.literals,
    };
    const description = await renderTemplate('merge-request.md.hbs', mergeRequestValues(facts));

    return [
      gitlabBranch.resource({ project, branch: source, target }, { from }),
      [
        ...[...files].map(([path, content]) => gitlabFile.resource({ project, branch: source, base: from, path }, { content })),
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
    const [request, branch] = await Promise.all([currentRequest(gitlab, project, source, target), gitlab.branch(project, source)]);
    const sha = request?.state === 'merged' ? request.sha : branch?.commit.id;
    if (request === undefined || request.state === 'closed' || sha === undefined || sha === null) {
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
      services: recoveredServices(inventory, { cluster, folder }, run, estate.drill),
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

async function headOf(gitlab: GitLab, project: string, branch: string): Promise<string> {
  const found = await gitlab.branch(project, branch);
  if (found !== null) return found.commit.id;
  throw new EksDrError('input-invalid', {
    message: `${project} has no branch ${branch}.`,
    target: branch,
    remedy: 'Correct gitlab.targetBranch in the estate.',
  });
}

/** Whether a folder holds exactly these files. */
async function holds(gitlab: GitLab, project: string, ref: string, folder: string, files: ReadonlyMap<string, string>): Promise<boolean> {
  const blobs = ((await gitlab.tree(project, ref, folder)) ?? []).filter(({ type }) => type === 'blob');
  return blobs.length === files.size && blobs.every(({ path, id }) => gitBlobId(files.get(path) ?? '', id) === id && files.has(path));
}
