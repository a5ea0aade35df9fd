import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import type { Call } from './call.ts';
import { dumpVault } from './dump.ts';
import { capabilitiesOf } from './policies.ts';
import { errors, isRefusal, refuse } from './reply.ts';
import { type Match, matchRoute, type Verb } from './routes.ts';
import type { VaultToken } from './state.ts';
import { liveToken } from './tokens.ts';

const API = '/v1/';

/** Vault's HTTP API: what a recovery asks of it. Namespaces are Enterprise: none but the root one is known. */
export const vault: System = {
  name: 'vault',
  port: 'vault',
  operation: (request) => `${verbOf(request)} /v1/${matchRoute(pathOf(request))?.route.name ?? pathOf(request)}`,
  mutates(request) {
    const verb = verbOf(request);
    return verb !== 'GET' && verb !== 'LIST' && matchRoute(pathOf(request))?.route.on[verb as Verb]?.looks !== true;
  },
  // Health and seal status; a login brings credentials of its own.
  answersAnybody: (request) => matchRoute(pathOf(request))?.route.open === 'sealed',
  handle(request, sandbox) {
    try {
      return handle(request, sandbox);
    } catch (thrown) {
      if (isRefusal(thrown)) return thrown.refusal;
      throw thrown;
    }
  },
  dump: dumpVault,
};

/** LIST is a verb of its own, and also a GET that says so. A PUT is a POST. */
function verbOf({ method, query }: SandboxRequest): string {
  if (method === 'GET' && ['true', '1'].includes(query.get('list') ?? '')) return 'LIST';
  return method === 'PUT' ? 'POST' : method;
}

function pathOf({ path }: SandboxRequest): string {
  return decodeURIComponent(path).slice(API.length).replace(/\/+$/, '');
}

function handle(request: SandboxRequest, sandbox: Sandbox): SandboxResponse {
  const state = sandbox.world.vault;
  if (!request.path.startsWith(API)) return errors(404, 'no handler for route');
  const found = matchRoute(pathOf(request));
  if (state.sealed && found?.route.open !== 'sealed') return errors(503, 'Vault is sealed');
  if (![undefined, '', 'root', '/'].includes(headerOf(request, 'x-vault-namespace'))) return errors(404, 'route entry not found');
  const token = liveToken(state, secretOf(request), sandbox.clock.now());
  if (token === null && found?.route.open === undefined) return errors(403, 'permission denied');
  if (found === null) return errors(501, `the sandbox has no ${verbOf(request)} ${request.path}`);
  const refused = [...request.query.keys()].find((name) => name !== 'list');
  if (refused !== undefined) return errors(400, `${refused} is not a parameter of this operation`);
  const handler = found.route.on[verbOf(request) as Verb];
  if (handler === undefined) return errors(405, 'unsupported operation');
  const call: Call = { sandbox, state, token, at: found.at, body: bodyOf(request) };
  const unknown = Object.keys(call.body).find((name) => !(handler.body ?? []).includes(name));
  if (unknown !== undefined) return errors(400, `${unknown} is not a parameter of this operation`);
  if (token !== null && found.route.open === undefined) refuseUnallowed(request, call, found, token, handler.exists?.(call) ?? true);
  return handler.run(call);
}

function refuseUnallowed(request: SandboxRequest, call: Call, { route }: Match, token: VaultToken, exists: boolean): void {
  const verb = verbOf(request) as Verb;
  const needed = { GET: 'read', LIST: 'list', DELETE: 'delete', POST: exists ? 'update' : 'create' }[verb];
  const path = pathOf(request);
  const capabilities = capabilitiesOf(call, token, verb === 'LIST' ? `${path}/` : path);
  if (capabilities.includes('root')) return;
  const isAllowed = capabilities.includes(needed) && (route.sudo?.includes(verb) !== true || capabilities.includes('sudo'));
  if (!isAllowed) refuse(403, '1 error occurred:\n\t* permission denied\n\n');
}

function headerOf({ headers }: SandboxRequest, name: string): string | undefined {
  return [headers[name]].flat()[0];
}

function secretOf(request: SandboxRequest): string | undefined {
  return headerOf(request, 'x-vault-token') ?? /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
}

function bodyOf({ body }: SandboxRequest): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below, like JSON of another shape.
  }
  return refuse(400, 'failed to parse JSON input: invalid character');
}
