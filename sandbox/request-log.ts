import type { SandboxRequest, System } from './system.ts';

export interface LoggedRequest {
  readonly number: number;
  readonly system: string;
  readonly operation: string;
  readonly line: string;
  /** Sandbox time, ISO 8601. */
  readonly at: string;
  /** What the system answered, whether or not it reached the client. Null until then, and where the request got no further than a fault. */
  status: number | null;
}

/** Mutating requests in the order in which they came. */
export interface RequestLog {
  record(system: System, request: SandboxRequest, operation: string, at: string): LoggedRequest;
  list(): readonly LoggedRequest[];
  clear(): void;
}

export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = [];
  let last = 0;
  return {
    record(system, request, operation, at) {
      last += 1;
      const logged: LoggedRequest = {
        number: last,
        system: system.name,
        operation,
        line: `${request.method} ${request.path}`,
        at,
        status: null,
      };
      requests.push(logged);
      return logged;
    },
    list: () => requests,
    clear() {
      requests.length = 0;
    },
  };
}

/** How often each operation was called: `{ 'iam:CreateRole': 3 }`, sorted by name. */
export function countByOperation(requests: readonly LoggedRequest[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of requests) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
