import { parse as parseYaml } from 'yaml';
import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';
import type { User } from './authenticate.ts';
import { type Decoding, decodePatched } from './decode.ts';
import { type DeleteOptions, deleteObject } from './deletes.ts';
import { checkEscalation } from './escalation.ts';
import { badRequest, failure, invalidOptions, json, unsupportedValue } from './failure.ts';
import { asVersion, listObjects, matcherOf } from './lists.ts';
import type { Writer } from './managers.ts';
import { type Fields, isFields, type KubeObject, textAt } from './object.ts';
import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts';
import type { ResourcePath } from './path.ts';
import { builtInTypes, type ResourceType, resourceOf } from './resources.ts';
import { requestToken } from './reviews.ts';
import { scaleOf, withScale } from './scale.ts';
import { all, type Context } from './store.ts';
import { watch } from './watch.ts';
import { applyObject, createObject, objectIn, patchObject, stored, updateObject, type WriteTarget } from './writes.ts';

/** One request to a type of the API, looked up. */
export interface Call {
  readonly sandbox: Sandbox;
  readonly context: Context;
  readonly request: SandboxRequest;
  readonly user: User;
  readonly type: ResourceType;
  readonly path: ResourcePath;
  /** What the answer warns of. */
  readonly warnings: string[];
}

/** How the API reads a flag of the query. */
export const isTrue = (text: string | null): boolean => text === 'true' || text === '1';

/** The body as JSON or YAML; none is an empty object. Throws 400. */
export function bodyOf({ body, headers }: SandboxRequest): unknown {
  const text = body.toString('utf8');
  if (text === '') return {};
  try {
    return headers['content-type']?.includes('yaml') ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding the body: ${(error as Error).message}`);
  }
}

function writeTarget({ context, request, user, path, type }: Call, fallback?: string): WriteTarget {
  const { method, query, headers } = request;
  const dryRun = query.getAll('dryRun');
  const unknown = dryRun.find((each) => each !== 'All');
  if (unknown !== undefined) throw invalidOptions(optionsOf(method), unsupportedValue('dryRun', dryRun, ['All']));
  // Without a name of its own a client is known by the first word of its user agent.
  const agent = String(headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
  const manager = query.get('fieldManager') ?? fallback ?? agent;
  if (manager.length > 128) throw badRequest('fieldManager: Too long: may not be more than 128 bytes');
  const writer: Writer = { manager, subresource: path.subresource };
  const admit = (before: KubeObject | undefined, after: KubeObject): void => checkEscalation(context, user, type, before, after);
  return { type, namespace: path.namespace, writer, dryRun: dryRun.length > 0, admit };
}

const options: Readonly<Record<string, string>> = { PUT: 'UpdateOptions', PATCH: 'PatchOptions', DELETE: 'DeleteOptions' };
const optionsOf = (method: string): string => options[method] ?? 'CreateOptions';

function show({ type, warnings }: Call, object: KubeObject, status = 200): SandboxResponse {
  const answer = json(status, asVersion(type, object));
  if (warnings.length === 0) return answer;
  return { ...answer, headers: { ...answer.headers, warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ') } };
}

function decodingOf({ request, warnings }: Call): Decoding {
  const { method, query } = request;
  const given = query.get('fieldValidation') || 'Warn';
  if (given !== 'Warn' && given !== 'Ignore' && given !== 'Strict') {
    throw invalidOptions(optionsOf(method), unsupportedValue('fieldValidation', given, ['', 'Ignore', 'Strict', 'Warn']));
  }
  return { fieldValidation: given, warn: (text) => warnings.push(text) };
}

function read(call: Call): SandboxResponse {
  const { sandbox, context, request, path, type } = call;
  if (path.name === undefined) {
    if (!isTrue(request.query.get('watch'))) return json(200, listObjects(context.cluster, type, path.namespace, request.query));
    const stream = watch(sandbox, context.cluster, type, path.namespace, request.query);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: stream };
  }
  const object = stored(
    context,
    call.path.namespace === undefined ? { type, namespace: undefined } : { type, namespace: path.namespace },
    path.name,
  );
  if (path.subresource === 'scale') return json(200, scaleOf(object));
  return show(call, object);
}

function create(call: Call): SandboxResponse {
  const { context, request, path } = call;
  if (path.name !== undefined && path.subresource === 'token') {
    return json(201, requestToken(context, path.namespace ?? '', path.name, isFields(bodyOf(request)) ? (bodyOf(request) as Fields) : {}));
  }
  if (path.name !== undefined) throw methodNotAllowed();
  const target = writeTarget(call);
  return show(call, createObject(context, target, objectIn(target, bodyOf(request), undefined, decodingOf(call))), 201);
}

function update(call: Call): SandboxResponse {
  const { context, request, path } = call;
  if (path.name === undefined) throw methodNotAllowed();
  const target = writeTarget(call);
  if (path.subresource === 'scale') {
    const scale = bodyOf(request);
    return json(
      200,
      scaleOf(
        patchObject(context, { ...target, writer: { ...target.writer, subresource: '' } }, path.name, (object) => withScale(object, scale)),
      ),
    );
  }
  return show(call, updateObject(context, target, path.name, objectIn(target, bodyOf(request), path.name, decodingOf(call))));
}

const applyTypes = ['application/apply-patch+yaml', 'application/apply-patch+cbor'];

function patch(call: Call): SandboxResponse {
  const { context, request, path, type } = call;
  const { name } = path;
  if (name === undefined) throw methodNotAllowed();
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const body = contentType === applyTypes[0] ? yamlOf(request) : bodyOf(request);
  if (contentType === applyTypes[0]) return apply(call, name, body);
  const change = patcher(type, contentType, body);
  const target = writeTarget(call);
  if (path.subresource === 'scale') {
    const own = { ...target, writer: { ...target.writer, subresource: '' } };
    return json(200, scaleOf(patchObject(context, own, name, (object) => withScale(object, change(scaleOf(object))))));
  }
  const decoding = decodingOf(call);
  const changed = patchObject(context, target, name, (object) => {
    const patched = change(object);
    return isFields(patched) ? decodePatched(type, patched, decoding) : patched;
  });
  return show(call, changed);
}

function yamlOf(request: SandboxRequest): unknown {
  try {
    return parseYaml(request.body.toString('utf8'));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
}

function patcher(type: ResourceType, contentType: string, body: unknown): (object: unknown) => unknown {
  switch (contentType) {
    case 'application/json-patch+json':
      return (object) => jsonPatch(object, body);
    case 'application/merge-patch+json':
      return (object) => mergePatch(object, body);
    case 'application/strategic-merge-patch+json':
      if (!builtInTypes.includes(type)) throw notForCustomResources(contentType);
      return (object) => strategicMergePatch(type.kind, object, body);
    default:
      throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
}

function notForCustomResources(contentType: string): Error {
  const known = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
  return failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${known.join(', ')} (not ${contentType})`,
  );
}

function apply(call: Call, name: string, body: unknown): SandboxResponse {
  const { context, request } = call;
  if (!request.query.get('fieldManager')) {
    const message = 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch';
    throw failure(422, 'Invalid', message, {
      group: 'meta.k8s.io',
      kind: 'PatchOptions',
      causes: [{ reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' }],
    });
  }
  if (textAt(body, 'apiVersion') === undefined || textAt(body, 'kind') === undefined)
    throw badRequest('apiVersion and kind are required in an apply patch');
  const target = writeTarget(call);
  const before = all(context.cluster, resourceOf(call.type)).length;
  const object = applyObject(context, target, name, objectIn(target, body, name, 'applied'), isTrue(request.query.get('force')));
  const isNew = all(context.cluster, resourceOf(call.type)).length > before;
  return show(call, object, isNew ? 201 : 200);
}

const policies = ['Foreground', 'Background', 'Orphan', 'nil'];

function deleteOptions(call: Call): DeleteOptions {
  const { query } = call.request;
  const body = bodyOf(call.request);
  const fields = isFields(body) ? body : {};
  const preconditions = isFields(fields.preconditions) ? fields.preconditions : {};
  const propagationPolicy = query.get('propagationPolicy') ?? textAt(fields, 'propagationPolicy');
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    throw invalidOptions('DeleteOptions', unsupportedValue('propagationPolicy', propagationPolicy, policies));
  }
  const grace = query.get('gracePeriodSeconds') ?? fields.gracePeriodSeconds;
  return {
    propagationPolicy,
    gracePeriodSeconds: grace === undefined || grace === null ? undefined : Number(grace),
    uid: textAt(preconditions, 'uid'),
    resourceVersion: textAt(preconditions, 'resourceVersion'),
  };
}

function remove(call: Call): SandboxResponse {
  const { context, path, type, request } = call;
  const body = bodyOf(request);
  const dryRunInBody = isFields(body) && Array.isArray(body.dryRun) && body.dryRun.includes('All');
  const target = writeTarget(call);
  const options = deleteOptions(call);
  const effective = dryRunInBody ? { ...target, dryRun: true } : target;
  if (path.name === undefined) return removeAll(call, effective, options);
  const uid = stored(context, effective, path.name).metadata.uid ?? '';
  const left = deleteObject(context, effective, path.name, options);
  if (left !== null) return show(call, left);
  const details = { name: path.name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, uid };
  return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

function removeAll(call: Call, target: WriteTarget, options: DeleteOptions): SandboxResponse {
  const { context, path, type, request } = call;
  if (type.kind === 'Namespace') throw methodNotAllowed();
  const list = listObjects(context.cluster, type, path.namespace, request.query);
  const matches = matcherOf(type, path.namespace, request.query);
  for (const object of all(context.cluster, resourceOf(type)).filter(matches)) {
    deleteObject(context, { ...target, namespace: object.metadata.namespace }, object.metadata.name, options);
  }
  return json(200, list);
}

export function methodNotAllowed(): Error {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

/** By HTTP method. */
export const handlers: Readonly<Record<string, (call: Call) => SandboxResponse>> = {
  GET: read,
  POST: create,
  PUT: update,
  PATCH: patch,
  DELETE: remove,
};
