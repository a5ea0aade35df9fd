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

/** How often one operation was called, whether or not it changes anything. */
export interface OperationCount {
  readonly system: string;
  readonly operation: string;
  readonly mutates: boolean;
  count: number;
}

/** Mutating requests in the order in which they came, and how often every operation was called. */
export interface RequestLog {
  /** Counts a request of any kind. */
  count(system: System, operation: string, mutates: boolean): void;
  record(system: System, request: SandboxRequest, operation: string, at: string): LoggedRequest;
  list(): readonly LoggedRequest[];
  /** In the order of the first calls. */
  counts(): readonly OperationCount[];
  clear(): void;
}

export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = [];
  const counts = new Map<string, OperationCount>();
  let last = 0;
  return {
    count({ name: system }, operation, mutates) {
      const key = `${system} ${operation}`;
      const counted = counts.get(key) ?? { system, operation, mutates, count: 0 };
      counted.count += 1;
      counts.set(key, counted);
    },
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
    counts: () => [...counts.values()],
    clear() {
      counts.clear();
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
