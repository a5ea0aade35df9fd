import type { SandboxRequest, SandboxResponse } from '../system.ts';
import { awsFault } from './fault.ts';
import { requestId } from './request-id.ts';
import { renderXml, type XmlValue } from './xml.ts';

export type QueryValue = string | QueryValue[] | { [name: string]: QueryValue };
export type QueryParameters = { [name: string]: QueryValue };

export interface QueryCall {
  readonly action: string;
  readonly version: string;
  readonly parameters: QueryParameters;
}

type Node = { value?: string; children: Map<string, Node> };

const emptyNode = (): Node => ({ children: new Map() });

function insert(root: Node, name: string, value: string): void {
  let node = root;
  for (const part of name.split('.')) {
    const child = node.children.get(part) ?? emptyNode();
    node.children.set(part, child);
    node = child;
  }
  node.value = value;
}

const numeric = /^[0-9]+$/;

function toValue(node: Node): QueryValue {
  if (node.children.size === 0) return node.value ?? '';
  const names = [...node.children.keys()];
  const only = names.length === 1 ? node.children.get(names[0] ?? '') : undefined;
  if (only && names[0] === 'member') return toList(only);
  if (names.every((name) => numeric.test(name))) return toList(node);
  return Object.fromEntries([...node.children].map(([name, child]) => [name, toValue(child)]));
}

function toList(node: Node): QueryValue[] {
  if (node.children.size === 0) return [];
  return [...node.children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => toValue(child));
}

/**
 * The call in a body (or query string) of the query and EC2 protocols. `Tags.member.1.Key` and `Filter.1.Name` become lists,
 * dots become nested objects. Numbers and booleans stay text.
 */
export function parseQuery(request: Pick<SandboxRequest, 'method' | 'query' | 'body'>): QueryCall {
  const pairs = request.method === 'GET' ? request.query : new URLSearchParams(request.body.toString('utf8'));
  const root = emptyNode();
  for (const [name, value] of pairs) {
    if (name !== 'Action' && name !== 'Version' && !name.startsWith('X-Amz-')) insert(root, name, value);
  }
  const parameters = Object.fromEntries([...root.children].map(([name, child]) => [name, toValue(child)]));
  return { action: pairs.get('Action') ?? '', version: pairs.get('Version') ?? '', parameters };
}

/** Refuses parameters that the operation does not have. */
export function allowParameters(call: QueryCall, allowed: readonly string[], code = 'ValidationError'): void {
  const unknown = Object.keys(call.parameters).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw awsFault(400, code, `The parameter ${unknown} is not recognized by ${call.action}`);
}

/** A text parameter; absent = undefined. */
export function text(parameters: QueryParameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === 'string' ? value : undefined;
}

/** A text parameter that the operation requires. */
export function requiredText(parameters: QueryParameters, name: string, code = 'ValidationError'): string {
  const value = text(parameters, name);
  if (value === undefined || value === '') {
    throw awsFault(400, code, `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`);
  }
  return value;
}

/** A list of texts; absent = empty. */
export function texts(parameters: QueryParameters, name: string): string[] {
  const value = parameters[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** A list of structures; absent = empty. */
export function structures(parameters: QueryParameters, name: string): QueryParameters[] {
  const value = parameters[name];
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is QueryParameters => typeof each === 'object' && !Array.isArray(each));
}

/** A successful answer of the query protocol: `<XResponse><XResult>..</XResult><ResponseMetadata/></XResponse>`. */
export function queryResponse(action: string, xmlns: string, result: { readonly [name: string]: XmlValue } | null): SandboxResponse {
  const id = requestId();
  const inner = result === null ? '' : `<${action}Result>${renderXml(result)}</${action}Result>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': id },
    body: `<${action}Response xmlns="${xmlns}">${inner}<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${action}Response>`,
  };
}

/** An error answer of the query protocol (STS, IAM, Elastic Load Balancing). */
export function queryError(xmlns: string, status: number, code: string, message: string): SandboxResponse {
  const id = requestId();
  const error = renderXml({ Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message }, RequestId: id });
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': id },
    body: `<ErrorResponse xmlns="${xmlns}">${error}</ErrorResponse>`,
  };
}
