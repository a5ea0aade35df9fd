import type { SandboxResponse } from '../system.ts';
import type { Call } from './call.ts';
import { json } from './grpc.ts';

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

export function getUserInfo(call: Call): SandboxResponse {
  return json({ loggedIn: true, username: call.account, iss: 'argocd' });
}

/** GET account/can-i/{resource}/{action}/{subresource}: the sandbox's accounts may do everything that there is. */
export function canI(call: Call): SandboxResponse {
  const { resource = '', action = '' } = call.parameters;
  return json({ value: RESOURCES.includes(resource) && ACTIONS.includes(action) ? 'yes' : 'no' });
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
];
const ACTIONS = ['get', 'create', 'update', 'delete', 'sync', 'override', 'action', 'invoke', '*'];

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
  const items = repositories.map(({ repo, type, name, project }) => ({
    repo,
    type,
    ...(name === '' ? {} : { name }),
    ...(project === '' ? {} : { project }),
    connectionState: { status: 'Successful', message: '', attemptedAt: null },
  }));
  return json({ metadata: {}, items });
}
