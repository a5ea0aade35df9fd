import * as z from 'zod';
import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../kit/clock.ts';
import { EksDrError } from '../kit/errors.ts';
import { type ArgoRequest, createArgoRequest } from './argocd-http.ts';
import {
  type ArgoApplication,
  type ArgoApplicationSet,
  type ArgoCluster,
  type ArgoProject,
  type ArgoRepository,
  argoApplication,
  argoApplicationSet,
  argoCluster,
  argoNamed,
  argoProject,
  argoRepository,
  argoServer,
  listOf,
} from './argocd-shapes.ts';

export type { ArgoApplication, ArgoCluster, ArgoDestination, ArgoProject, ArgoRepository, ProjectDestination } from './argocd-shapes.ts';

/** A cluster as it is registered. `config` goes one way only: the server gives parts of it back, never the arguments. */
export interface ArgoClusterSpec {
  readonly name: string;
  readonly server: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Which applications to list. Without any of these: all that the token may see. */
export interface ApplicationQuery {
  readonly name?: string;
  /** A Kubernetes label selector. */
  readonly selector?: string;
  readonly projects?: readonly string[];
}

/**
 * The Argo CD API, as far as a recovery needs it. Every answer is checked; every failure is an EksDrError.
 * A missing object is answered by 403 (so that nobody can probe for names): use the lists to find out what exists.
 */
export interface ArgoCd {
  /** The address, without a trailing slash. */
  readonly url: string;
  version(): Promise<string>;
  userInfo(): Promise<{ readonly loggedIn: boolean; readonly username: string }>;
  /** Whether this token may do `action` on `subresource`, such as ('clusters', 'create', '*'). */
  canI(resource: string, action: string, subresource: string): Promise<boolean>;
  listClusters(): Promise<ArgoCluster[]>;
  createCluster(cluster: ArgoClusterSpec): Promise<void>;
  updateCluster(cluster: ArgoClusterSpec): Promise<void>;
  deleteCluster(name: string): Promise<void>;
  listProjects(): Promise<ArgoProject[]>;
  createProject(project: object): Promise<void>;
  /** A full replacement; refused with `conflict` when `metadata.resourceVersion` is no longer the newest. */
  updateProject(name: string, project: object): Promise<void>;
  deleteProject(name: string): Promise<void>;
  listRepositories(): Promise<ArgoRepository[]>;
  listApplications(query?: ApplicationQuery): Promise<ArgoApplication[]>;
  /** Those that the token may see. */
  listApplicationSets(): Promise<ArgoApplicationSet[]>;
  createApplication(application: object): Promise<void>;
  /** Replaces spec, labels, annotations and finalizers. Without `validate` its sources are not rendered to see whether they can be. */
  updateApplication(name: string, application: object, options?: { readonly validate: boolean }): Promise<void>;
  /** Starts the deletion; with `cascade` everything that was deployed goes first. */
  deleteApplication(name: string, options: { readonly cascade: boolean }): Promise<void>;
  /** Asks for a new comparison with Git; answers at once. */
  refreshApplication(name: string): Promise<void>;
  /** Starts a sync. `conflict` while another operation runs. */
  syncApplication(name: string, options: { readonly revision?: string; readonly prune: boolean }): Promise<void>;
  /** Ends the operation that runs; that none does is fine. */
  terminateOperation(name: string): Promise<void>;
}

export interface ArgoCdOptions {
  readonly estate: { readonly argocd: Pick<Estate['argocd'], 'url'> };
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly answerSeconds?: number | undefined;
}

/** Connects to Argo CD with ARGOCD_AUTH_TOKEN; ARGOCD_SERVER (`host:port` or an address) wins over the estate. */
export function connectArgoCd(options: ArgoCdOptions): ArgoCd {
  const { estate, environment, clock, signal, answerSeconds } = options;
  const token = environment.ARGOCD_AUTH_TOKEN;
  if (token === undefined || token === '') {
    throw new EksDrError('credentials-missing', {
      message: 'ARGOCD_AUTH_TOKEN is not set, so Argo CD cannot be used.',
      remedy: 'Set ARGOCD_AUTH_TOKEN to an API token of the Argo CD account for recoveries, then start again.',
      target: 'ARGOCD_AUTH_TOKEN',
    });
  }
  const url = serverAddress(environment.ARGOCD_SERVER ?? estate.argocd.url);
  return createArgoCd(url, createArgoRequest({ url, token, clock, signal, answerSeconds }));
}

/** The Argo CD command line writes its server without a scheme. */
function serverAddress(server: string): string {
  return (/^https?:\/\//.test(server) ? server : `https://${server}`).replace(/\/+$/, '');
}

function createArgoCd(url: string, request: ArgoRequest): ArgoCd {
  // Deletions are answered by an empty object.
  const nothing = z.object({});
  const name = encodeURIComponent;
  const list = async <T extends z.ZodType>(
    path: string,
    item: T,
    query: Record<string, string | readonly string[] | undefined> = {},
  ): Promise<z.infer<T>[]> => (await request('GET', path, { query, answer: listOf(item) })).items;
  const change = async (
    method: 'POST' | 'PUT',
    path: string,
    { body, query, answer }: { body: unknown; query?: Record<string, string>; answer: z.ZodType },
  ): Promise<void> => {
    await request(method, path, { query: query ?? {}, body, answer });
  };
  const remove = async (path: string, query: Record<string, string> = {}): Promise<void> => {
    await request('DELETE', path, { query, answer: nothing });
  };
  // Argo CD refuses the deletion of what is not there, mostly as of what nobody may see (403). What its list does not have is gone: by us,
  // when the answer was lost.
  const removeListed = async (path: string, query: Record<string, string>, listed: () => Promise<readonly unknown[]>): Promise<void> => {
    try {
      await remove(path, query);
    } catch (thrown) {
      const refused = thrown instanceof EksDrError && (thrown.code === 'permission-denied' || thrown.code === 'remote-refused');
      if (!refused || (await listed()).length > 0) throw thrown;
    }
  };
  const clusters = (): Promise<ArgoCluster[]> => list('/api/v1/clusters', argoCluster);
  const projects = (): Promise<ArgoProject[]> => list('/api/v1/projects', argoProject);
  const applications = (query: ApplicationQuery = {}): Promise<ArgoApplication[]> =>
    list('/api/v1/applications', argoApplication, { ...query });

  return {
    url,
    version: async () => (await request('GET', '/api/version', { answer: z.object({ Version: z.string() }) })).Version,
    async userInfo() {
      const answer = z.object({ loggedIn: z.boolean().default(false), username: z.string().default('') });
      return request('GET', '/api/v1/session/userinfo', { answer });
    },
    async canI(resource, action, subresource) {
      const path = `/api/v1/account/can-i/${name(resource)}/${name(action)}/${subresource.split('/').map(name).join('/')}`;
      return (await request('GET', path, { answer: z.object({ value: z.string() }) })).value === 'yes';
    },
    listClusters: clusters,
    createCluster: (body) => change('POST', '/api/v1/clusters', { body, query: { upsert: 'false' }, answer: argoServer }),
    updateCluster: (body) =>
      change('PUT', `/api/v1/clusters/${name(body.name)}`, { body, query: { 'id.type': 'name' }, answer: argoServer }),
    deleteCluster: (cluster) =>
      removeListed(`/api/v1/clusters/${name(cluster)}`, { 'id.type': 'name' }, async () =>
        (await clusters()).filter((each) => each.name === cluster),
      ),
    listProjects: projects,
    createProject: (project) => change('POST', '/api/v1/projects', { body: { project, upsert: false }, answer: argoNamed }),
    updateProject: (project, body) => change('PUT', `/api/v1/projects/${name(project)}`, { body: { project: body }, answer: argoNamed }),
    deleteProject: (project) =>
      removeListed(`/api/v1/projects/${name(project)}`, {}, async () =>
        (await projects()).filter(({ metadata }) => metadata.name === project),
      ),
    listRepositories: () => list('/api/v1/repositories', argoRepository),
    listApplications: applications,
    listApplicationSets: () => list('/api/v1/applicationsets', argoApplicationSet),
    createApplication: (body) => change('POST', '/api/v1/applications', { body, query: { upsert: 'false' }, answer: argoNamed }),
    updateApplication: (application, body, { validate } = { validate: true }) =>
      change('PUT', `/api/v1/applications/${name(application)}`, {
        body,
        ...(validate ? {} : { query: { validate: 'false' } }),
        answer: argoNamed,
      }),
    deleteApplication: (application, { cascade }) =>
      removeListed(
        `/api/v1/applications/${name(application)}`,
        { cascade: String(cascade), ...(cascade ? { propagationPolicy: 'foreground' } : {}) },
        () => applications({ name: application }),
      ),
    async refreshApplication(application) {
      await request('GET', `/api/v1/applications/${name(application)}`, { query: { refresh: 'normal' }, answer: argoNamed });
    },
    syncApplication: (application, { revision, prune }) =>
      change('POST', `/api/v1/applications/${name(application)}/sync`, {
        body: { name: application, prune, ...(revision === undefined ? {} : { revision }) },
        answer: argoNamed,
      }),
    async terminateOperation(application) {
      try {
        await remove(`/api/v1/applications/${name(application)}/operation`);
      } catch (thrown) {
        if (thrown instanceof EksDrError && /No operation is in progress/.test(thrown.message)) return;
        throw thrown;
      }
    },
  };
}
