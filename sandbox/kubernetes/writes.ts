import { isDeepStrictEqual } from 'node:util';
import { admit as admitByWebhooks } from './admission/admit.ts';
import type { Operation } from './admission/match.ts';
import { checkApplied, type Decoding, decodeObject } from './decode.ts';
import { withDefaults } from './defaults.ts';
import { badRequest, conflicts, exists, failure, forbidden, invalidObject, missing } from './failure.ts';
import type { Schema } from './fields.ts';
import { nextSuffix, nextUid, stamp } from './ids.ts';
import { immutable, invalidValue } from './immutable-fields.ts';
import { serverSideApply, trackUpdate, type Writer } from './managers.ts';
import { type Fields, isFields, type KubeObject, nameOf, type ObjectMeta } from './object.ts';
import { builtInTypes, groupVersion, type ResourceType, resourceOf } from './resources.ts';
import { type Context, drop, find, put } from './store.ts';
import { validate } from './validation.ts';

/** Where a write goes, and how. */
export interface WriteTarget {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly writer: Writer;
  readonly dryRun: boolean;
  /** What the server's own admission says to the object that is about to be stored; throws to refuse it. */
  readonly admit?: (before: KubeObject | undefined, after: KubeObject) => void;
}

const keyOf = (namespace: string | undefined, name: string): string => (namespace === undefined ? name : `${namespace}/${name}`);
const schemaOf = ({ type }: WriteTarget): Schema => ({ kind: type.kind, builtIn: builtInTypes.includes(type), custom: type.schema });
const hasStatus = ({ type }: WriteTarget): boolean => type.subresources.includes('status');

export function stored(context: Context, { type, namespace }: Pick<WriteTarget, 'type' | 'namespace'>, name: string): KubeObject {
  const object = find(context.cluster, resourceOf(type), keyOf(namespace, name));
  if (object === undefined) throw missing(type, name);
  return object;
}

/** How the fields of a body are judged: as those of an object, or of a server-side apply. */
export type Reading = Decoding | 'applied';

/** The object in a body, checked against its type and against the path that it came to. */
export function objectIn(target: WriteTarget, given: unknown, name: string | undefined, reading: Reading): KubeObject {
  if (!isFields(given)) throw badRequest('the object provided is unrecognized (must be of type Object)');
  const body = withoutNulls(given) as Fields;
  const { type, namespace } = target;
  const expected = groupVersion(type);
  const { apiVersion = expected, kind = type.kind } = body as { apiVersion?: unknown; kind?: unknown };
  if (apiVersion !== expected || kind !== type.kind) {
    const given = `${String(apiVersion)}, Kind=${String(kind)}`;
    throw badRequest(`${given} in the data does not match the expected ${expected}, Kind=${type.kind}`);
  }
  const metadata = isFields(body.metadata) ? body.metadata : {};
  if (metadata.namespace !== undefined && metadata.namespace !== '' && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (name !== undefined && metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(`the name of the object (${String(metadata.name)}) does not match the name on the URL (${name})`);
  }
  if (reading === 'applied') checkApplied(type, body);
  const decoded = reading === 'applied' ? body : decodeObject(type, body, reading);
  const named = {
    ...(decoded.metadata as Fields | undefined),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return {
    ...decoded,
    apiVersion: expected,
    kind: type.kind,
    metadata: named as unknown as ObjectMeta,
  };
}

// The API server drops null fields when it decodes, as Go does.
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => (part === null || part === undefined ? [] : [[name, withoutNulls(part)]])),
  );
}

function requireNamespace(context: Context, { type, namespace }: WriteTarget, name: string): void {
  if (namespace === undefined) return;
  const found = find(context.cluster, 'core/namespaces', namespace);
  if (found === undefined) throw missing({ group: '', plural: 'namespaces', kind: 'Namespace' }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(type, name, why, [
    { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
  ]);
}

/** Creates an object. Throws 404 or 403 for its namespace, 409 when it exists, 422 when it is invalid. */
export function createObject(context: Context, target: WriteTarget, given: KubeObject): KubeObject {
  const { type, writer, dryRun } = target;
  const { generateName, name = generateName === undefined ? '' : `${generateName}${nextSuffix(context.cluster)}` } =
    given.metadata as Partial<ObjectMeta>;
  if (name === '')
    throw failure(422, 'Invalid', `${type.kind} "" is invalid: metadata.name: Required value: name or generateName is required`, {
      kind: type.kind,
      causes: [{ reason: 'FieldValueRequired', message: 'Required value: name or generateName is required', field: 'metadata.name' }],
    });
  if (given.metadata.resourceVersion) throw failure(500, '', 'resourceVersion should not be set on objects to be created');
  requireNamespace(context, target, name);
  const {
    uid: _uid,
    creationTimestamp: _time,
    deletionTimestamp: _deleted,
    resourceVersion: _version,
    managedFields: _fields,
    ...metadata
  } = given.metadata;
  const { status: _status, ...content } = given;
  const body = (hasStatus(target) ? content : given) as KubeObject;
  const named: KubeObject = { ...body, metadata: { ...metadata, name, ...generation(body, undefined) } };
  const object = admitted(context, target, 'CREATE', withDefaults(context, type, named, undefined));
  check(target, undefined, object);
  const existing = find(context.cluster, resourceOf(type), nameOf(object));
  if (existing !== undefined) throw exists(type, name, existing.metadata.deletionTimestamp !== undefined);
  const tracked = trackUpdate(schemaOf(target), undefined, object, writer, { now: context.now, hasStatus: hasStatus(target) });
  return save(context, target, tracked, dryRun);
}

function admitted(context: Context, { type, namespace }: WriteTarget, operation: Operation, object: KubeObject): KubeObject {
  return admitByWebhooks(context, { operation, type, namespace, object });
}

function check({ type, admit }: WriteTarget, before: KubeObject | undefined, after: KubeObject): void {
  validate(type, before, after);
  admit?.(before, after);
}

// Generation counts changes of what is wanted: of everything but metadata and status.
function generation(after: KubeObject, before: KubeObject | undefined): { generation?: number } {
  if (after.spec === undefined || ['Namespace', 'Service', 'Node', 'PersistentVolumeClaim'].includes(after.kind)) return {};
  if (before === undefined) return { generation: 1 };
  const wanted = ({ metadata: _m, status: _s, apiVersion: _a, kind: _k, ...rest }: KubeObject): Fields => rest;
  const current = before.metadata.generation ?? 1;
  return { generation: isDeepStrictEqual(wanted(before), wanted(after)) ? current : current + 1 };
}

function save(context: Context, { type }: WriteTarget, object: KubeObject, dryRun: boolean): KubeObject {
  if (!dryRun) return put(context, resourceOf(type), object);
  const { uid = nextUid(context.cluster), creationTimestamp = stamp(context.now), ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, uid, creationTimestamp } };
}

function checkVersion(type: ResourceType, before: KubeObject, { metadata }: KubeObject): void {
  const { name, uid, resourceVersion } = metadata;
  if (uid !== undefined && uid !== before.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`;
    throw conflicts(type, name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== before.metadata.resourceVersion) {
    throw conflicts(type, name, 'the object has been modified; please apply your changes to the latest version and try again');
  }
}

/** Stores a changed version. Only the status changes through the status subresource, only the rest otherwise. */
function replace(context: Context, target: WriteTarget, before: KubeObject, after: KubeObject, track: boolean): KubeObject {
  const { type, writer, dryRun } = target;
  const merged = track
    ? trackUpdate(schemaOf(target), before, settle(context, target, before, after), writer, {
        now: context.now,
        hasStatus: hasStatus(target),
      })
    : after;
  if (target.writer.subresource === '') admitted(context, target, 'UPDATE', merged);
  check(target, before, merged);
  const finished = merged.metadata.deletionTimestamp !== undefined && (merged.metadata.finalizers ?? []).length === 0;
  const heldByNamespace = type.kind === 'Namespace' && type.group === '';
  const heldByPod = type.kind === 'Pod' && type.group === '';
  if (!finished || heldByNamespace || heldByPod) return save(context, target, merged, dryRun);
  if (!dryRun) drop(context, resourceOf(type), nameOf(before));
  return merged;
}

function settle(context: Context, target: WriteTarget, before: KubeObject, after: KubeObject): KubeObject {
  const status = target.writer.subresource === 'status';
  const { status: given, ...rest } = after;
  const keep = (from: unknown): Fields => (from === undefined ? {} : { status: from });
  const content: KubeObject = status
    ? { ...before, metadata: after.metadata, ...keep(given) }
    : ({ ...rest, ...keep(hasStatus(target) ? before.status : given) } as KubeObject);
  return systemMetadata(context, target.type, before, content);
}

// The fields of metadata that belong to the server.
function systemMetadata(context: Context, type: ResourceType, before: KubeObject, content: KubeObject): KubeObject {
  const { name, namespace, uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generateName } = before.metadata;
  const { deletionTimestamp: _d, deletionGracePeriodSeconds: _g, generation: _n, resourceVersion: _r, ...given } = content.metadata;
  const server = { name, namespace, uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generateName };
  const known = Object.fromEntries(Object.entries(server).filter(([, value]) => value !== undefined));
  const object = withDefaults(context, type, { ...content, metadata: { ...given, ...known, name } }, before);
  return { ...object, metadata: { ...object.metadata, ...generation(object, before) } };
}

/** PUT. Throws 409 when the resourceVersion or uid is not the stored one. */
export function updateObject(context: Context, target: WriteTarget, name: string, given: KubeObject): KubeObject {
  const before = stored(context, target, name);
  if (!builtInTypes.includes(target.type) && !given.metadata.resourceVersion) {
    throw invalidObject(target.type, name, [invalidValue('metadata.resourceVersion', 0, 'must be specified for an update')]);
  }
  checkVersion(target.type, before, given);
  return replace(context, target, before, given, true);
}

/** Any patch but apply: `change` gives the new content. */
export function patchObject(context: Context, target: WriteTarget, name: string, change: (object: KubeObject) => unknown): KubeObject {
  const before = stored(context, target, name);
  const changed = change(before);
  if (!isFields(changed) || !isFields(changed.metadata)) throw badRequest('the patch leaves no object');
  const after = changed as KubeObject;
  if (after.metadata.name !== name || after.metadata.namespace !== before.metadata.namespace) {
    throw badRequest('the name and the namespace of an object may not be patched');
  }
  checkVersion(target.type, before, after);
  return replace(context, target, before, after, true);
}

/** Server-side apply: creates the object or merges into it. Throws 409 with the fields that others own. */
export function applyObject(context: Context, target: WriteTarget, name: string, given: KubeObject, force: boolean): KubeObject {
  const { type, writer, namespace, dryRun } = target;
  if (given.metadata.managedFields !== undefined && given.metadata.managedFields.length > 0) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const before = find(context.cluster, resourceOf(type), keyOf(namespace, name));
  const { creationTimestamp: _c, ...metadata } = given.metadata;
  const applied: KubeObject = { ...given, metadata };
  if (before === undefined) {
    if (metadata.uid !== undefined)
      throw conflicts(type, name, `uid mismatch: the provided object specified uid ${metadata.uid}, and no existing object was found`);
    if (metadata.resourceVersion)
      throw conflicts(type, name, 'the object has been modified; please apply your changes to the latest version and try again');
    if (writer.subresource !== '') throw missing(type, name);
    requireNamespace(context, target, name);
  } else {
    if (metadata.uid !== undefined && metadata.uid !== before.metadata.uid) {
      throw invalidObject(type, name, [immutable('metadata.uid', metadata.uid)]);
    }
    checkVersion(type, before, applied);
  }
  const { uid: _u, resourceVersion: _r, generation: _g, ...own } = metadata;
  const options = {
    force,
    now: context.now,
    hasStatus: hasStatus(target),
    finish: (object: KubeObject) => finishApply(context, type, before, object),
  };
  const object = serverSideApply(schemaOf(target), before, { ...applied, metadata: own }, writer, options);
  if (before !== undefined) return replace(context, target, before, object, false);
  check(target, undefined, object);
  return save(context, target, admitted(context, target, 'CREATE', object), dryRun);
}

function finishApply(context: Context, type: ResourceType, before: KubeObject | undefined, object: KubeObject): KubeObject {
  if (before !== undefined) return systemMetadata(context, type, before, object);
  const created = withDefaults(context, type, object, undefined);
  return { ...created, metadata: { ...created.metadata, ...generation(created, undefined) } };
}
