import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import type { Call } from './call.ts';
import { runController } from './controller.ts';
import { dumpArgoCd } from './dump.ts';
import { fail, grpcResponse, isGrpcError, streamError } from './grpc.ts';
import { routes } from './routes.ts';

/** Argo CD's API through its gateway, and the application controller. */
export const argocd: System = {
  name: 'argocd',
  port: 'argocd',
  operation: (request) => routes.operation(request),
  mutates: (request) => routes.mutates(request),
  handle,
  tick: runController,
  dump: dumpArgoCd,
};

function handle(request: SandboxRequest, sandbox: Sandbox): SandboxResponse {
  // Before anything else is looked at, as protection against forged requests of browsers.
  if (request.method !== 'GET' && !isJson(request))
    return { status: 415, headers: { 'content-type': 'text/plain' }, body: 'Invalid content type\n' };
  try {
    const account = authenticate(sandbox, request);
    const found = routes.match(request);
    if (found === null) return unknown(request);
    const { route, parameters } = found;
    const body = bodyOf(request);
    refuseUnknown([...request.query.keys()], route.query ?? [], 'query parameter');
    if (route.body !== undefined) refuseUnknown(Object.keys(body), route.body, 'field');
    const call: Call = {
      sandbox,
      state: sandbox.world.argocd,
      account,
      parameters,
      query: request.query,
      body,
      accept: request.headers.accept ?? '',
    };
    return route.run(call);
  } catch (thrown) {
    if (isGrpcError(thrown))
      return request.path.startsWith('/api/v1/stream/') ? streamError(thrown) : grpcResponse(thrown.grpc, thrown.message);
    throw thrown;
  }
}

function isJson(request: SandboxRequest): boolean {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() === 'application/json';
}

/** What answers nobody in particular, too. */
const OPEN: readonly string[] = ['/api/version', '/api/v1/settings', '/api/v1/session/userinfo'];

/** The account; '' for nobody. A token that isn't one of Argo CD's is as good as none. */
function authenticate(sandbox: Sandbox, request: SandboxRequest): string {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const account = token === undefined ? undefined : sandbox.world.argocd.tokens[token];
  if (account !== undefined) return account;
  return OPEN.includes(request.path) ? '' : fail('Unauthenticated', 'no session information');
}

function unknown(request: SandboxRequest): SandboxResponse {
  if (routes.knowsPath(request.path)) return grpcResponse('Unimplemented', 'Method Not Allowed');
  return grpcResponse('Unimplemented', `the sandbox has no ${request.method} ${request.path}`);
}

function bodyOf(request: SandboxRequest): Record<string, unknown> {
  const text = request.body.toString('utf8').trim();
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (thrown) {
    return fail('InvalidArgument', (thrown as Error).message);
  }
  return fail('InvalidArgument', 'json: cannot unmarshal the body into an object');
}

// The gateway passes over what it doesn't know; the sandbox refuses it, so that a mistyped name is found here.
function refuseUnknown(names: readonly string[], known: readonly string[], what: string): void {
  const name = names.find((one) => !known.includes(one));
  if (name !== undefined) fail('InvalidArgument', `unknown ${what} "${name}"`);
}
