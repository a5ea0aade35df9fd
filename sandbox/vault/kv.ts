import type { SandboxResponse } from '../system.ts';
import type { Call } from './call.ts';
import { absent, answer, done, json, keys, refuse } from './reply.ts';
import type { KvSecret, KvVersion } from './state.ts';

function keyOf(call: Call): string {
  const mount = call.at.mount ?? '';
  if (call.state.mounts[mount] === undefined) return refuse(404, 'no handler for route');
  return `${mount}/${(call.at.path ?? '').replace(/\/$/, '')}`;
}

export function hasSecret(call: Call): boolean {
  return call.state.secrets[`${call.at.mount}/${call.at.path}`] !== undefined;
}

const time = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());

function metadata({ createdAt, deletedAt }: KvVersion, version: number): unknown {
  return { created_time: time(createdAt), custom_metadata: null, deletion_time: time(deletedAt), destroyed: false, version };
}

export function readSecret(call: Call): SandboxResponse {
  const versions = call.state.secrets[keyOf(call)]?.versions ?? [];
  const newest = versions.at(-1) ?? absent();
  const body = { data: newest.data, metadata: metadata(newest, versions.length) };
  // A deleted version is not found, and says so in its metadata.
  return newest.data === null ? json(404, { request_id: 'sandbox', data: body, warnings: null, auth: null }) : answer({ data: body });
}

export function writeSecret(call: Call): SandboxResponse {
  const key = keyOf(call);
  const { data, options } = call.body as { data?: Record<string, unknown>; options?: { cas?: number } };
  if (typeof data !== 'object' || data === null) return refuse(400, 'no data provided');
  const secret: KvSecret = call.state.secrets[key] ?? { versions: [] };
  if (options?.cas !== undefined && options.cas !== secret.versions.length)
    return refuse(400, 'check-and-set parameter did not match the current version');
  const version: KvVersion = { data, createdAt: call.sandbox.clock.now(), deletedAt: null };
  secret.versions.push(version);
  call.state.secrets[key] = secret;
  return answer({ data: metadata(version, secret.versions.length) });
}

/** Deletes the newest version. */
export function deleteSecret(call: Call): SandboxResponse {
  const versions = call.state.secrets[keyOf(call)]?.versions;
  const newest = versions?.pop();
  if (newest !== undefined) versions?.push({ ...newest, data: null, deletedAt: newest.deletedAt ?? call.sandbox.clock.now() });
  return done;
}

/** The names below a path; what has more below it ends with a slash. */
export function listSecrets(call: Call): SandboxResponse {
  const key = keyOf(call);
  const prefix = key.endsWith('/') ? key : `${key}/`;
  const below = Object.keys(call.state.secrets).filter((name) => name.startsWith(prefix));
  return keys([...new Set(below.map((name) => name.slice(prefix.length).replace(/\/.*$/, '/')))]);
}
