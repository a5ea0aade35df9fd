import type { SandboxResponse } from '../system.ts';
import { type Call, text } from './call.ts';
import { refuse } from './reply.ts';
import { issueToken } from './tokens.ts';

export function loginByAppRole(call: Call): SandboxResponse {
  const roles = Object.entries(call.state.approles[call.at.mount ?? ''] ?? {});
  const roleId = text(call, 'role_id') || refuse(400, 'missing role_id');
  const [name, role] = roles.find(([, one]) => one.roleId === roleId) ?? refuse(400, 'invalid role or secret ID');
  if (role.secretId !== text(call, 'secret_id')) return refuse(400, 'invalid role or secret ID');
  return issueToken(call.state, call.sandbox.clock.now(), {
    policies: [...new Set(['default', ...role.policies])],
    displayName: 'approle',
    path: `auth/${call.at.mount}/login`,
    meta: { role_name: name },
    ttl: role.ttl,
  });
}
