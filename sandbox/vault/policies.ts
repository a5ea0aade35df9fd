import type { SandboxResponse } from '../system.ts';
import { type Call, list, text } from './call.ts';
import { capabilitiesAt, parsePolicy } from './policy.ts';
import { absent, answer, done, keys, refuse } from './reply.ts';
import type { VaultToken } from './state.ts';

const nameOf = (call: Call): string => (call.at.name ?? '').toLowerCase();

export function listPolicies({ state }: Call): SandboxResponse {
  return keys([...Object.keys(state.policies), 'root']);
}

export function readPolicy(call: Call): SandboxResponse {
  const name = nameOf(call);
  const policy = name === 'root' ? '' : call.state.policies[name];
  return policy === undefined ? absent() : answer({ data: { name, policy } });
}

export function writePolicy(call: Call): SandboxResponse {
  const name = nameOf(call);
  if (name === 'root') return refuse(400, 'cannot update "root" policy');
  const policy = text(call, 'policy') || refuse(400, "'policy' parameter not supplied or empty");
  try {
    parsePolicy(policy);
  } catch (thrown) {
    return refuse(400, (thrown as Error).message);
  }
  call.state.policies[name] = policy;
  return done;
}

export function deletePolicy(call: Call): SandboxResponse {
  const name = nameOf(call);
  if (name === 'default' || name === 'root') return refuse(400, `cannot delete "${name}" policy`);
  delete call.state.policies[name];
  return done;
}

/** What a token may do at a path. */
export function capabilitiesOf({ state }: Pick<Call, 'state'>, token: VaultToken, path: string): readonly string[] {
  if (token.policies.includes('root')) return ['root'];
  return capabilitiesAt(
    token.policies.flatMap((name) => state.policies[name] ?? []),
    path,
  );
}

export function capabilitiesSelf(call: Call): SandboxResponse {
  const paths = list(call, 'paths') ?? list(call, 'path') ?? refuse(400, 'paths must be supplied');
  const token = call.token ?? refuse(403, 'permission denied');
  const found = Object.fromEntries(paths.map((path) => [path, capabilitiesOf(call, token, path)]));
  const [only = ''] = paths;
  return answer({ data: { ...found, capabilities: found[only] } });
}
