import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxClock } from './clock.ts';
import type { World } from './world.ts';

/** The sockets the sandbox listens on, all on loopback. `kubernetes` speaks TLS, the others plain HTTP. */
export type Port = 'aws' | 'kubernetes' | 'argocd' | 'gitlab' | 'vault' | 'control';

export interface SandboxRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** For AWS: the access key, region and service of the signature's credential scope, when there is one. */
  readonly scope?: { readonly accessKeyId: string; readonly region: string; readonly service: string };
}

export interface SandboxResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream stays open until it ends or the client hangs up (`signal` aborts). */
  readonly body?: string | Buffer | ((signal: AbortSignal) => AsyncIterable<string>);
}

/** What every system is given. */
export interface Sandbox {
  readonly world: World;
  readonly clock: SandboxClock;
  /** The address of a listener, without a trailing slash: `http://127.0.0.1:41234`. */
  address(port: Port): string;
  /** PEM of the CA that signed the Kubernetes listener's certificate. */
  readonly ca: string;
  /** Whether a fault rule keeps the API server of a cluster from answering anybody, other systems included. */
  readonly cutOff: (cluster: { readonly region: string; readonly cluster: string }) => boolean;
}

/** One remote system. Its state is plain JSON in `world`, so that a world can be saved, dumped and compared. */
export interface System {
  readonly name: string;
  readonly port: Port;
  /** AWS only: the names this service signs as in the credential scope. */
  readonly signsAs?: readonly string[];
  /** The name under which faults and logs know a request: `eks:CreateAccessEntry`, `PATCH /api/v1/namespaces/{name}`. */
  operation(request: SandboxRequest): string;
  /** AWS only: the action of IAM that allows the request, where it has another name. */
  action?(request: SandboxRequest): string;
  /** Whether the request changes anything: crash and fault tests walk these. */
  mutates(request: SandboxRequest): boolean;
  /** Whether the request is answered to anybody, so that expired credentials make no difference. */
  answersAnybody?(request: SandboxRequest): boolean;
  handle(request: SandboxRequest, sandbox: Sandbox): SandboxResponse | Promise<SandboxResponse>;
  /** What goes on by itself (controllers): called often; moves the state to where it should be at clock.now(). */
  tick?(sandbox: Sandbox): void;
  /**
   * The state for comparing two worlds: sorted, without times, generated ids, versions, counters.
   * Two runs that made the same things by other ways dump the same.
   */
  dump(world: World): unknown;
}
