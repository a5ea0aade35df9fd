import { badRequest } from './faults.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

function page<T>(all: readonly T[], limit: number, token: string | null): Page<T> {
  const start = token === null ? 0 : offsetOf(token);
  const end = start + limit;
  const items = all.slice(start, end);
  return end < all.length ? { items, next: Buffer.from(`next:${end}`).toString('base64url') } : { items };
}

function offsetOf(token: string): number {
  const match = /^next:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (match === null) throw badRequest('Invalid position parameter');
  return Number(match[1]);
}

function limitIn(text: string | null, whenAbsent: number): number {
  if (text === null) return whenAbsent;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw badRequest('Invalid limit: it must be between 1 and 500');
  return limit;
}

/** A page of version 1, which calls its list `item` and its token `position`. 25 unless the request says otherwise. */
export function positionPage<T>(query: URLSearchParams, all: readonly T[]): { item: readonly T[]; position?: string } {
  const { items, next } = page(all, limitIn(query.get('limit'), 25), query.get('position'));
  return next === undefined ? { item: items } : { item: items, position: next };
}

/** A page of version 2. */
export function tokenPage<T>(query: URLSearchParams, all: readonly T[]): { items: readonly T[]; nextToken?: string } {
  const { items, next } = page(all, limitIn(query.get('maxResults'), 25), query.get('nextToken'));
  return next === undefined ? { items } : { items, nextToken: next };
}

export const positionQuery = ['position', 'limit'] as const;
export const tokenQuery = ['nextToken', 'maxResults'] as const;
