import type { SandboxResponse } from '../system.ts';
import { json, refuse } from './reply.ts';

export const PAGE_PARAMETERS = ['page', 'per_page'] as const;

interface PageCall {
  readonly query: URLSearchParams;
  /** The address of the request without its query. */
  readonly url: string;
}

/** A page by number, with the headers that GitLab documents for offset pagination. */
export function offsetPage<T>(call: PageCall, all: readonly T[], render: (item: T) => unknown): SandboxResponse {
  const { perPage, page } = pageOf(call);
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  return json(200, all.slice((page - 1) * perPage, page * perPage).map(render), {
    ...pageHeaders(call, { perPage, page, more: page < pages, last: pages }),
    'x-total': String(all.length),
    'x-total-pages': String(pages),
  });
}

/** A page of what GitLab doesn't count: no totals, no last page, and after every full page there is said to be another one. */
export function countlessPage<T>(call: PageCall, all: readonly T[], render: (item: T) => unknown): SandboxResponse {
  const { perPage, page } = pageOf(call);
  const items = all.slice((page - 1) * perPage, page * perPage).map(render);
  return json(200, items, pageHeaders(call, { perPage, page, more: items.length === perPage, last: null }));
}

/** A page after a token, or after the record of an id; only `link` tells of the next one. */
export function keysetPage<T>(
  call: PageCall,
  all: readonly T[],
  item: { readonly token: (item: T) => string; readonly id: (item: T) => string },
  render: (item: T) => unknown,
): SandboxResponse {
  const { token, id } = item;
  const { perPage } = pageOf(call);
  const after = call.query.get('page_token') ?? '';
  const from = after === '' ? 0 : all.findIndex((one) => token(one) === after || id(one) === after) + 1;
  if (after !== '' && from === 0) refuse(400, { error: 'page_token is invalid' });
  const items = all.slice(from, from + perPage);
  const last = items.at(-1);
  const more = last !== undefined && from + perPage < all.length;
  const next = more ? { link: `<${withParameters(call, { page_token: token(last), per_page: String(perPage) })}>; rel="next"` } : {};
  return json(200, items.map(render), { 'x-per-page': String(perPage), ...next });
}

function withParameters(call: PageCall, changes: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(call.query);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  return `${call.url}?${query.toString()}`;
}

function positive(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  if (!/^\d+$/.test(text)) refuse(400, { error: `${name} is invalid` });
  return Math.max(1, Number(text));
}

function pageOf({ query }: PageCall): { readonly perPage: number; readonly page: number } {
  return { perPage: Math.min(positive(query, 'per_page', 20), 100), page: positive(query, 'page', 1) };
}

function pageHeaders(
  call: PageCall,
  { perPage, page, more, last }: { readonly perPage: number; readonly page: number; readonly more: boolean; readonly last: number | null },
): Record<string, string> {
  const link = (to: number, rel: string): string =>
    `<${withParameters(call, { page: String(to), per_page: String(perPage) })}>; rel="${rel}"`;
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(more ? [link(page + 1, 'next')] : []),
    link(1, 'first'),
    ...(last === null ? [] : [link(last, 'last')]),
  ];
  return {
    link: links.join(', '),
    'x-page': String(page),
    'x-per-page': String(perPage),
    'x-next-page': more ? String(page + 1) : '',
    'x-prev-page': page > 1 ? String(page - 1) : '',
  };
}
