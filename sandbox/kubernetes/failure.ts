import type { SandboxResponse } from '../system.ts';
import { builtInTypes } from './resources.ts';

export interface Cause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/** A metav1.Status that says what went wrong. */
export interface FailureStatus {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure';
  readonly message: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

const mark = Symbol('status');

export function statusOf(
  code: number,
  reason: string,
  message: string,
  details?: StatusDetails,
  metadata: FailureStatus['metadata'] = {},
): FailureStatus {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata,
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

/** An Error to throw from a handler: `throw failure(404, 'NotFound', 'pods "a" not found', { name: 'a', kind: 'pods' })`. */
export function failure(...status: Parameters<typeof statusOf>): Error {
  return Object.assign(new Error(status[2]), { [mark]: statusOf(...status) });
}

/** The Status carried by a thrown value, or null when it is any other error. */
export function failureOf(error: unknown): FailureStatus | null {
  if (typeof error !== 'object' || error === null || !(mark in error)) return null;
  return error[mark] as FailureStatus;
}

export function badRequest(message: string): Error {
  return failure(400, 'BadRequest', message);
}

type Named = { readonly group: string; readonly plural: string; readonly kind: string };

// As schema.GroupResource prints itself: `deployments.apps`.
function qualified({ group, plural }: Named): string {
  return group === '' ? plural : `${plural}.${group}`;
}

const groupOf = ({ group }: Named): { group?: string } => (group === '' ? {} : { group });

export function missing(type: Named, name: string): Error {
  return failure(404, 'NotFound', `${qualified(type)} "${name}" not found`, { name, ...groupOf(type), kind: type.plural });
}

/** `isLeaving`: the one that exists is being deleted. */
export function exists(type: Named, name: string, isLeaving = false): Error {
  const message = `${isLeaving ? 'object is being deleted: ' : ''}${qualified(type)} "${name}" already exists`;
  return failure(409, 'AlreadyExists', message, { name, ...groupOf(type), kind: type.plural });
}

export function conflicts(type: Named, name: string, why: string): Error {
  const message = `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${why}`;
  return failure(409, 'Conflict', message, { name, ...groupOf(type), kind: type.plural });
}

export function forbidden(type: Named, name: string, why: string, causes?: readonly Cause[]): Error {
  const message = `${qualified(type)} ${name === '' ? '' : `"${name}" `}is forbidden: ${why}`;
  const details = { ...(name === '' ? {} : { name }), ...groupOf(type), kind: type.plural };
  return failure(403, 'Forbidden', message, causes === undefined ? details : { ...details, causes });
}

/** 422 for the options of a request: `DeleteOptions.meta.k8s.io "" is invalid`. */
export function invalidOptions(kind: string, cause: Required<Cause>): Error {
  return invalidObject({ group: 'meta.k8s.io', plural: '', kind }, '', [cause]);
}

export function unsupportedValue(field: string, value: unknown, supported: readonly unknown[]): Required<Cause> {
  const known = supported.map((each) => JSON.stringify(each)).join(', ');
  return { reason: 'FieldValueNotSupported', field, message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${known}` };
}

/** 422: each cause names a field. */
export function invalidObject(type: Named, name: string, causes: readonly Required<Cause>[]): Error {
  const lines = causes.map(({ field, message }) => `${field}: ${message}`);
  const what = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const label = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  return failure(422, 'Invalid', `${label} "${name}" is invalid: ${what}`, {
    ...(name === '' ? {} : { name }),
    ...groupOf(type),
    kind: type.kind,
    causes,
  });
}

/** For a path that leads nowhere: below a group of Kubernetes' own a Status, anywhere else a line of text. */
export function notFound(path: string): SandboxResponse {
  const [root, group = ''] = path.split('/').filter((segment) => segment !== '');
  if (root === 'api' || (root === 'apis' && builtInTypes.some((type) => type.group === group))) {
    return json(404, statusOf(404, 'NotFound', 'the server could not find the requested resource', {}));
  }
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  return { status: 404, headers, body: '404 page not found\n' };
}

export function json(status: number, body: unknown): SandboxResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
