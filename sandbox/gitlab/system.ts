import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import { approveByThemselves } from './approvals.ts';
import { authenticate, type Call } from './call.ts';
import { dumpGitLab } from './dump.ts';
import { offsetPage } from './pages.ts';
import { countRequest, type RateHeaders } from './rate-limit.ts';
import { isRefusal, json, notFound, refuse } from './reply.ts';
import { API, routes } from './routes.ts';

/** GitLab's REST API, version 4. */
export const gitlab: System = {
  name: 'gitlab',
  port: 'gitlab',
  operation: (request) => routes.operation(request),
  mutates: (request) => routes.mutates(request),
  handle,
  tick: approveByThemselves,
  dump: dumpGitLab,
};

async function handle(request: SandboxRequest, sandbox: Sandbox): Promise<SandboxResponse> {
  let rate: RateHeaders = {};
  try {
    const user = authenticate(sandbox.world.gitlab, request.headers);
    if (user === null) return anonymous(request);
    rate = countRequest(sandbox, user);
    const found = routes.match(request);
    if (found === null) return unknown(request);
    const { route, parameters } = found;
    const given = bodyOf(request);
    refuseUnknown([...request.query.keys()], route.query);
    if (route.body !== undefined) refuseUnknown(Object.keys(given), route.body);
    const body = route.body === undefined ? given : { ...inQuery(request.query), ...given };
    const call: Call = {
      sandbox: atOneMoment(sandbox),
      state: sandbox.world.gitlab,
      user,
      parameters,
      query: request.query,
      body,
      url: `${sandbox.address('gitlab')}${request.path}`,
    };
    return withHeaders(await route.run(call), rate);
  } catch (thrown) {
    if (isRefusal(thrown)) return withHeaders(thrown.refusal, rate);
    throw thrown;
  }
}

/** Nothing here is public: without a token there are no projects, and no user to speak for. */
function anonymous(request: SandboxRequest): SandboxResponse {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!reads || !request.path.startsWith(`${API}/projects`)) return refuse(401, { message: '401 Unauthorized' });
  const { path, query } = request;
  return path === `${API}/projects` ? offsetPage({ query, url: path }, [], () => null) : notFound('Project');
}

/** Parameters of a write that stand in its query: `branch=x`, `labels[]=a&labels[]=b`. */
function inQuery(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => (name.endsWith('[]') ? [name.slice(0, -2), query.getAll(name)] : [name, query.get(name)])),
  );
}

/** The same sandbox with its clock stopped: a request happens at one moment, however long it takes to answer. */
function atOneMoment(sandbox: Sandbox): Sandbox {
  const now = sandbox.clock.now();
  return { ...sandbox, clock: { now: () => now, scale: sandbox.clock.scale, timestamp: () => new Date(now).toISOString() } };
}

function unknown(request: SandboxRequest): SandboxResponse {
  if (routes.knowsPath(request.path)) return json(405, { error: '405 Not Allowed' });
  return json(501, { message: `501 Not Implemented: the sandbox has no ${request.method} ${request.path}` });
}

/** JSON, or a form; anything else is refused. */
function bodyOf(request: SandboxRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  const text = request.body.toString('utf8');
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  if (!type.startsWith('application/json')) return refuse(415, { error: 'The provided content-type is not supported.' });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below, like JSON of another shape.
  }
  return refuse(400, { error: 'message body does not match declared format' });
}

// GitLab ignores what it doesn't know; the sandbox refuses it, so that a mistyped parameter is found here.
function refuseUnknown(names: readonly string[], known: readonly string[] = []): void {
  const unknownName = names.find((name) => !known.includes(name));
  if (unknownName !== undefined) refuse(400, { error: `${unknownName} is not a parameter of this operation` });
}

function withHeaders(response: SandboxResponse, rate: RateHeaders): SandboxResponse {
  return { ...response, headers: { ...rate, 'x-request-id': 'sandbox', ...response.headers } };
}
