import type { SandboxResponse } from '../system.ts';
import { type Call, nextId, text } from './call.ts';
import { answer, done, refuse } from './reply.ts';
import type { Mount } from './state.ts';

function described({ type, accessor, description, options }: Mount): unknown {
  return {
    accessor,
    config: { default_lease_ttl: 0, force_no_cache: false, max_lease_ttl: 0, token_type: 'default-service' },
    description,
    external_entropy_access: false,
    local: false,
    options,
    seal_wrap: false,
    type,
    uuid: '',
  };
}

const withSlashes = (mounts: Readonly<Record<string, Mount>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(mounts).map(([path, mount]) => [`${path}/`, described(mount)]));

export function listAuth({ state }: Call): SandboxResponse {
  return answer({ data: withSlashes(state.auth) });
}

export function listMounts({ state }: Call): SandboxResponse {
  return answer({ data: withSlashes(state.mounts) });
}

export function readAuth(call: Call): SandboxResponse {
  const mount = call.state.auth[call.at.path ?? ''];
  return mount === undefined ? refuse(400, `No auth engine at ${call.at.path}/`) : answer({ data: described(mount) });
}

/** One path may not lie in another. */
function inTheWay(taken: readonly string[], path: string): string | undefined {
  return taken.find((one) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
}

export function enableAuth(call: Call): SandboxResponse {
  const path = call.at.path ?? '';
  const type = text(call, 'type');
  if (type === '') return refuse(400, 'backend type must be specified as a string');
  if (type !== 'kubernetes' && type !== 'approle') return refuse(400, `plugin not found in the catalog: ${type}`);
  if (inTheWay(Object.keys(call.state.auth), path) !== undefined) return refuse(400, `path is already in use at ${path}/`);
  call.state.auth[path] = {
    type,
    accessor: `auth_${type}_${nextId(call.state, 8)}`,
    description: text(call, 'description'),
    options: null,
  };
  if (type === 'kubernetes') call.state.kubernetes[path] = { config: null, roles: {} };
  else call.state.approles[path] = {};
  return done;
}

export function readTuning(call: Call): SandboxResponse {
  const mount = call.state.auth[call.at.path ?? ''];
  if (mount === undefined) return refuse(400, `cannot fetch sysview for path "auth/${call.at.path}/"`);
  const { description, options } = mount;
  const lease = { default_lease_ttl: 2_764_800, max_lease_ttl: 2_764_800, force_no_cache: false, token_type: 'default-service' };
  return answer({ data: { ...lease, description, options } });
}

export function tune(call: Call): SandboxResponse {
  const mount = call.state.auth[call.at.path ?? ''];
  if (mount === undefined) return refuse(400, `no mount entry found for path "auth/${call.at.path}/"`);
  call.state.auth[call.at.path ?? ''] = { ...mount, description: text(call, 'description', mount.description) };
  return done;
}

/** Takes along what logged in by it. What is not there is gone already. */
export function disableAuth(call: Call): SandboxResponse {
  const path = call.at.path ?? '';
  if (path === 'token') return refuse(400, 'token credential backend cannot be disabled');
  delete call.state.auth[path];
  delete call.state.kubernetes[path];
  delete call.state.approles[path];
  for (const [secret, token] of Object.entries(call.state.tokens)) {
    if (token.path === `auth/${path}/login`) delete call.state.tokens[secret];
  }
  return done;
}
