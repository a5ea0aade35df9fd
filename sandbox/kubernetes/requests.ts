import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';
import { inAcceptedForm } from './accept.ts';
import { authenticate, type User } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { contextOf } from './clusters.ts';
import { discover } from './discovery.ts';
import { failure, json, notFound } from './failure.ts';
import { bodyOf, handlers, isTrue, methodNotAllowed } from './handlers.ts';
import { isFields } from './object.ts';
import { type ApiPath, parseResourcePath, type ResourcePath, typeAt } from './path.ts';
import { type ResourceType, resourceOf } from './resources.ts';
import { reviews } from './reviews.ts';
import type { Context } from './store.ts';

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

function verbOf({ method, query }: SandboxRequest, name: string | undefined): string {
  if (method === 'GET' || method === 'HEAD') {
    if (name !== undefined) return 'get';
    return isTrue(query.get('watch')) ? 'watch' : 'list';
  }
  if (method === 'DELETE') return name === undefined ? 'deletecollection' : 'delete';
  return verbs[method] ?? method.toLowerCase();
}

/** Whether a request changes anything: reviews and dry runs do not. */
export function isMutation(request: SandboxRequest, { path }: ApiPath): boolean {
  if (request.method === 'GET' || request.method === 'HEAD' || request.query.get('dryRun') === 'All') return false;
  const resource = parseResourcePath(path);
  return resource !== null && resource.subresource !== 'token' && reviews[resource.plural] === undefined;
}

/** Answers one request to the API server of a cluster. Throws failures that carry a Status. */
export function handleApi(sandbox: Sandbox, request: SandboxRequest, { region, cluster, path }: ApiPath): SandboxResponse {
  const context = contextOf(sandbox, { region, cluster });
  if (context === null) throw failure(503, 'ServiceUnavailable', `there is no API server for ${cluster} in ${region}`);
  const user = authenticate(sandbox, context.cluster, request, path);
  const resource = parseResourcePath(path);
  if (resource === null) return readPath(context, user, request, path);
  const review = ['authorization.k8s.io', 'authentication.k8s.io'].includes(resource.group) ? reviews[resource.plural] : undefined;
  const type = typeAt(context.cluster, resource);
  const { group, plural, namespace, name, subresource } = resource;
  // A namespace counts as lying in itself: policies scoped to it may look at it.
  const scope = plural === 'namespaces' && group === '' ? name : namespace;
  const verb =
    request.method === 'PATCH' && name !== undefined && isCreatingApply(context, request, type, resource)
      ? ['patch', 'create']
      : [verbOf(request, name)];
  for (const each of verb)
    authorize(context.cluster, user, { verb: each, group, resource: plural, subresource, namespace: scope, name: name ?? '' });
  if (review !== undefined) {
    const body = bodyOf(request);
    if (request.method !== 'POST' || !isFields(body)) throw methodNotAllowed();
    return json(201, review(sandbox, context, user, body));
  }
  if (type === undefined || (subresource !== '' && !type.subresources.includes(subresource))) return notFound(path);
  const handler = handlers[request.method];
  if (handler === undefined) throw methodNotAllowed();
  const inForm = inAcceptedForm(request);
  return inForm(handler({ sandbox, context, request, user, type, path: resource, warnings: [] }));
}

// Applying what is not there takes the permission to create it too.
function isCreatingApply({ cluster }: Context, { headers }: SandboxRequest, type: ResourceType | undefined, path: ResourcePath): boolean {
  if (type === undefined || !headers['content-type']?.startsWith('application/apply-patch')) return false;
  const key = path.namespace === undefined ? path.name : `${path.namespace}/${path.name}`;
  return cluster.objects[resourceOf(type)]?.[key ?? ''] === undefined;
}

function readPath({ cluster }: Context, user: User, request: SandboxRequest, path: string): SandboxResponse {
  const trimmed = path === '/' ? path : path.replace(/\/$/, '');
  authorize(cluster, user, { verb: request.method === 'GET' ? 'get' : request.method.toLowerCase(), path: trimmed });
  if (request.method !== 'GET') throw methodNotAllowed();
  if (['/healthz', '/livez', '/readyz'].includes(trimmed)) return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' };
  const document = discover(cluster, trimmed);
  if (document === undefined) return notFound(path);
  return json(200, document);
}
