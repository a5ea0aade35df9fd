import type { RestRoute } from '../rest-routes.ts';
import type { Sandbox, SandboxResponse } from '../system.ts';
import { notFound } from './faults.ts';
import type { ApiGatewayRegion, CustomDomain, HttpApi, RestApi } from './state.ts';

/** One request to API Gateway, parsed. */
export interface ApiCall {
  readonly sandbox: Sandbox;
  readonly region: string;
  /** What the region holds. */
  readonly state: ApiGatewayRegion;
  readonly now: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export type ApiOperation = (call: ApiCall) => SandboxResponse | Promise<SandboxResponse>;

export interface ApiRoute extends RestRoute<ApiOperation> {
  readonly name: string;
}

export function parameter({ parameters }: ApiCall, name: string): string {
  return parameters[name] ?? '';
}

/** Seconds since 1970, as version 1 writes times; version 2 writes ISO 8601. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

export function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function restApiOf(call: ApiCall): RestApi {
  const api = call.state.restApis[parameter(call, 'restApiId')];
  if (api === undefined) throw notFound('Invalid API identifier specified');
  return api;
}

export function httpApiOf(call: ApiCall): HttpApi {
  const id = parameter(call, 'apiId');
  const api = call.state.httpApis[id];
  if (api === undefined) throw notFound(`Invalid API identifier specified ${call.sandbox.world.accountId}:${id}`);
  return api;
}

export function domainOf(call: ApiCall): CustomDomain {
  const domain = call.state.domains[parameter(call, 'domainName')];
  if (domain === undefined) throw notFound('Invalid domain name identifier specified');
  return domain;
}
