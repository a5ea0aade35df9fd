import type { RestRoute } from '../rest-routes.ts';
import type { Sandbox, SandboxResponse } from '../system.ts';

/** One request to the EKS API, parsed. */
export interface EksCall {
  readonly sandbox: Sandbox;
  readonly region: string;
  /** The role or user that signed. */
  readonly callerArn: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export type EksOperation = (call: EksCall) => SandboxResponse;

export interface EksRoute extends RestRoute<EksOperation> {
  /** As IAM and the fault rules name it, without `eks:`. */
  readonly name: string;
}

export function parameter({ parameters }: EksCall, name: string): string {
  return parameters[name] ?? '';
}

/** Seconds since 1970, as rest-json writes times. */
export function seconds(ms: number): number {
  return ms / 1_000;
}
