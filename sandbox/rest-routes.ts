import type { SandboxRequest } from './system.ts';

/** One operation of a REST API: `GET /api/v4/projects/{id}`. Placeholders stand for one path segment each. */
export interface RestRoute<Context> {
  readonly method: string;
  readonly pattern: string;
  /** False for the POSTs that only look. Default: everything but GET and HEAD changes something. */
  readonly mutates?: boolean;
  /** The query parameters it takes; others are refused. */
  readonly query?: readonly string[];
  /** The top-level members of the JSON body it takes; others are refused. Absent: the body is a free-form object. */
  readonly body?: readonly string[];
  readonly run: Context;
}

export interface RouteMatch<Context> {
  readonly route: RestRoute<Context>;
  /** Decoded values of the placeholders. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface RestRoutes<Context> {
  match(request: Pick<SandboxRequest, 'method' | 'path'>): RouteMatch<Context> | null;
  /** Whether the path exists with another method. */
  knowsPath(path: string): boolean;
  operation(request: Pick<SandboxRequest, 'method' | 'path'>): string;
  mutates(request: Pick<SandboxRequest, 'method' | 'path'>): boolean;
}

/** Finds routes by their path segments; a literal segment wins over a placeholder. Throws when two routes are the same. */
export function restRoutes<Context>(routes: readonly RestRoute<Context>[]): RestRoutes<Context> {
  const byLength = new Map<number, { readonly route: RestRoute<Context>; readonly segments: readonly string[] }[]>();
  for (const route of routes) {
    const segments = segmentsOf(route.pattern);
    const same = byLength.get(segments.length) ?? [];
    if (same.some((other) => other.route.method === route.method && shape(other.segments) === shape(segments)))
      throw new Error(`Two routes for ${route.method} ${route.pattern}.`);
    same.push({ route, segments });
    same.sort((a, b) => placeholders(a.segments) - placeholders(b.segments));
    byLength.set(segments.length, same);
  }

  function candidates(path: string): RouteMatch<Context>[] {
    const actual = segmentsOf(path);
    return (byLength.get(actual.length) ?? []).flatMap(({ route, segments }) => {
      const parameters = capture(segments, actual);
      return parameters === null ? [] : [{ route, parameters }];
    });
  }

  function match(request: Pick<SandboxRequest, 'method' | 'path'>): RouteMatch<Context> | null {
    return candidates(request.path).find(({ route }) => route.method === request.method) ?? null;
  }

  return {
    match,
    knowsPath: (path) => candidates(path).length > 0,
    operation: (request) => {
      const found = match(request);
      return found === null ? `${request.method} ${request.path}` : `${request.method} ${found.route.pattern}`;
    },
    mutates: (request) => match(request)?.route.mutates ?? !['GET', 'HEAD'].includes(request.method),
  };
}

function segmentsOf(path: string): string[] {
  return path.replace(/^\/+|\/+$/g, '').split('/');
}

function shape(segments: readonly string[]): string {
  return segments.map((segment) => (segment.startsWith('{') ? '{}' : segment)).join('/');
}

function placeholders(segments: readonly string[]): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}

function capture(segments: readonly string[], actual: readonly string[]): Record<string, string> | null {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = decode(actual[index] ?? '');
    if (segment.startsWith('{')) parameters[segment.slice(1, -1)] = value;
    else if (segment !== value) return null;
  }
  return parameters;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
