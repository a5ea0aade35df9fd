import { awsFault } from '../aws/fault.ts';

export function invalid(message: string, members: Readonly<Record<string, unknown>> = {}): Error {
  return awsFault(400, 'InvalidParameterException', message, members);
}

export function notFound(message: string, members: Readonly<Record<string, unknown>> = {}): Error {
  return awsFault(404, 'ResourceNotFoundException', message, members);
}

export function conflict(message: string, members: Readonly<Record<string, unknown>> = {}): Error {
  return awsFault(409, 'ResourceInUseException', message, members);
}

/** A text member that the operation requires. */
export function textIn(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw invalid(`${name} must not be null or empty`);
  return value;
}

export function optionalText(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw awsFault(400, 'SerializationException', `${name} is not a string`);
  return value;
}

export function optionalFlag(body: Readonly<Record<string, unknown>>, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw awsFault(400, 'SerializationException', `${name} is not a boolean`);
  return value;
}

export function stringsIn(body: Readonly<Record<string, unknown>>, name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) {
    throw awsFault(400, 'SerializationException', `${name} is not a list of strings`);
  }
  return [...value];
}

/** Tags as a map; at most 50, none of AWS's own: else what `refuse` makes of the reason. */
export function tagsIn(body: Readonly<Record<string, unknown>>, refuse: (message: string) => Error = invalid): Record<string, string> {
  const value = body.tags;
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw awsFault(400, 'SerializationException', 'tags is not a map');
  const tags = Object.entries(value).map(([key, each]) => [key, String(each)] as const);
  if (tags.length > 50) throw refuse('A resource can have at most 50 tags');
  const reserved = tags.find(([key]) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) throw refuse(`Tag keys can't start with aws: ${reserved[0]}`);
  return Object.fromEntries(tags);
}

/** Whether a create request is a repetition of the one that made the resource. */
export function claimToken(existing: { readonly clientRequestToken?: string }, token: string | undefined): boolean {
  return token !== undefined && existing.clientRequestToken === token;
}

/** One page of names, with the token of the next. Tokens are opaque: the name that the next page starts at. */
export function page(query: URLSearchParams, names: readonly string[]): { names: string[]; nextToken?: string } {
  const limit = Number(query.get('maxResults') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw invalid('maxResults must be between 1 and 100');
  const token = query.get('nextToken');
  const sorted = names.toSorted();
  const start = token === null ? 0 : sorted.findIndex((name) => name >= decodeToken(token));
  if (start < 0) return { names: [] };
  const rest = sorted.slice(start);
  const next = rest[limit];
  return next === undefined
    ? { names: rest }
    : { names: rest.slice(0, limit), nextToken: Buffer.from(`next:${next}`).toString('base64url') };
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith('next:')) throw invalid('Invalid nextToken');
  return text.slice(5);
}
