import type { SandboxResponse } from '../system.ts';
import type { Call } from './call.ts';
import { fail, json } from './grpc.ts';
import { normalRepo } from './project.ts';
import type { RepositoryRecord } from './state.ts';
import { timestamp } from './store.ts';

/** GET /api/version. */
export function getVersion(): SandboxResponse {
  return json({
    Version: 'v3.5.1+sandbox',
    BuildDate: '2026-08-20T09:00:00Z',
    GitCommit: '0123456789abcdef0123456789abcdef01234567',
    GitTreeState: 'clean',
    GoVersion: 'go1.26.0',
    Compiler: 'gc',
    Platform: 'linux/amd64',
    KustomizeVersion: 'v5.8.0',
    HelmVersion: 'v3.22.0',
    KubectlVersion: 'v0.36.1',
    JsonnetVersion: 'v0.22.0',
  });
}

/** Nobody is no mistake here: that is how a client finds out. */
export function getUserInfo(call: Call): SandboxResponse {
  if (call.account === '') return json({});
  return json({ loggedIn: true, username: call.account, iss: 'argocd' });
}

/** GET account/can-i/{resource}/{action}/{subresource}: the sandbox's accounts may do everything that there is. */
export function canI(call: Call): SandboxResponse {
  const { resource = '', action = '' } = call.parameters;
  if (!ACTIONS.includes(action)) fail('InvalidArgument', `[${ACTIONS.join(' ')}] does not contain ${action}`);
  if (!RESOURCES.includes(resource)) fail('InvalidArgument', `[${RESOURCES.join(' ')}] does not contain ${resource}`);
  return json({ value: 'yes' });
}

const RESOURCES = [
  'clusters',
  'projects',
  'applications',
  'applicationsets',
  'repositories',
  'write-repositories',
  'certificates',
  'accounts',
  'gpgkeys',
  'logs',
  'exec',
  'extensions',
];
const ACTIONS = ['get', 'create', 'update', 'delete', 'sync', 'override', 'action', 'invoke'];

export function getSettings(call: Call): SandboxResponse {
  return json({
    url: call.sandbox.address('argocd'),
    appLabelKey: 'app.kubernetes.io/instance',
    trackingMethod: 'annotation',
    controllerNamespace: 'argocd',
    resourceOverrides: {},
    kustomizeOptions: { BuildOptions: '' },
    googleAnalytics: {},
    help: {},
    oidcConfig: null,
    dexConfig: null,
    userLoginsDisabled: false,
    execEnabled: false,
  });
}

export function listRepositories(call: Call): SandboxResponse {
  const repositories = Object.values(call.state.repositories).sort((a, b) => (a.repo < b.repo ? -1 : 1));
  return json({ metadata: {}, items: repositories.length === 0 ? null : repositories.map((one) => renderRepository(call, one)) });
}

/** GET repositories/{repo}: a missing one is refused like a forbidden one. */
export function getRepository(call: Call): SandboxResponse {
  const wanted = normalRepo(call.parameters.repo ?? '');
  const found = Object.values(call.state.repositories).find(({ repo }) => normalRepo(repo) === wanted);
  return found === undefined ? fail('PermissionDenied', 'permission denied') : json(renderRepository(call, found));
}

/** Never with credentials. Argo CD tries the connection when it is asked. */
function renderRepository({ sandbox }: Call, { repo, type, name, project, gitlabProject }: RepositoryRecord): object {
  const isGone = gitlabProject !== null && sandbox.world.gitlab.projects[gitlabProject] === undefined;
  const failed = { status: 'Failed', message: 'Unable to connect to repository: authentication required: Repository not found.' };
  return {
    repo,
    type,
    ...(name === '' ? {} : { name }),
    ...(project === '' ? {} : { project }),
    connectionState: { ...(isGone ? failed : { status: 'Successful', message: '' }), attemptedAt: timestamp(sandbox.clock.now()) },
  };
}
