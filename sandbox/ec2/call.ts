import { awsFault } from '../aws/fault.ts';
import { protocols } from '../aws/protocols.ts';
import { type QueryCall, type QueryParameters, structures, text, texts } from '../aws/query.ts';
import { requestId } from '../aws/request-id.ts';
import { renderXml, type XmlValue } from '../aws/xml.ts';
import type { SandboxRequest, SandboxResponse } from '../system.ts';
import type { World } from '../world.ts';
import { type Cidr, parseCidr } from './cidr.ts';
import { ec2Region } from './network.ts';
import type { Ec2Region } from './state.ts';

/** A successful answer of the EC2 protocol; plain arrays become `<item>` lists. */
export function ec2Response(action: string, result: Readonly<Record<string, XmlValue>>): SandboxResponse {
  const id = requestId();
  const xmlns = protocols.ec2?.xmlns ?? '';
  const inner = renderXml({ requestId: id, ...result }, 'item');
  return {
    status: 200,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': id },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${xmlns}">${inner}</${action}Response>`,
  };
}

export function regionName(request: SandboxRequest): string {
  return request.scope?.region ?? 'us-east-1';
}

export function regionOf(world: World, request: SandboxRequest): Ec2Region {
  return ec2Region(world, regionName(request));
}

/** A parameter the operation requires, with EC2's error when it is absent. */
export function required(call: QueryCall, name: string): string {
  const value = text(call.parameters, name);
  if (value === undefined || value === '') {
    throw awsFault(400, 'MissingParameter', `The request must contain the parameter ${name}`);
  }
  return value;
}

/** A range of addresses in the parameter CidrBlock, with EC2's error when it is none. */
export function parsedRange(block: string): Cidr {
  const range = parseCidr(block);
  if (range) return range;
  throw awsFault(400, 'InvalidParameterValue', `Value (${block}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
}

/** Tags of a TagSpecification for a kind of resource (`vpc`, `subnet`, `security-group`); refuses specifications for other kinds. */
export function tagsFor(call: QueryCall, kind: string): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const specification of structures(call.parameters, 'TagSpecification')) {
    const type = text(specification, 'ResourceType');
    if (type !== kind) throw awsFault(400, 'InvalidParameterValue', `'${type}' is not a valid taggable resource type for this operation.`);
    for (const tag of structures(specification, 'Tag')) addTag(tags, tag);
  }
  return tags;
}

/** Adds `{ Key, Value }` within EC2's limits: 128 characters, 256, 50 tags, no `aws:` prefix. */
export function addTag(tags: Record<string, string>, tag: QueryParameters): void {
  const key = text(tag, 'Key') ?? '';
  const value = text(tag, 'Value') ?? '';
  if (key === '' || key.length > 128 || value.length > 256)
    throw awsFault(400, 'InvalidParameterValue', `Tag key or value exceeds its limit: ${key}`);
  if (key.startsWith('aws:')) throw awsFault(400, 'InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use`);
  tags[key] = value;
  if (Object.keys(tags).length > 50) throw awsFault(400, 'TagLimitExceeded', 'More than 50 tags specified');
}

export function tagSet(tags: Readonly<Record<string, string>>): XmlValue {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

export interface Page<T> {
  readonly items: T[];
  readonly nextToken: string | undefined;
}

/** The page that MaxResults and NextToken ask for. */
export function page<T>(call: QueryCall, items: readonly T[]): Page<T> {
  const maximum = text(call.parameters, 'MaxResults');
  const token = text(call.parameters, 'NextToken');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) throw awsFault(400, 'InvalidNextToken', 'The token is not valid');
  const size = Number(maximum ?? 1000);
  if (!Number.isInteger(size) || size < 5 || size > 1000) {
    throw awsFault(
      400,
      'InvalidParameterValue',
      `Value ( ${maximum} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  }
  const end = start + size;
  return { items: items.slice(start, end), nextToken: end < items.length ? Buffer.from(String(end)).toString('base64') : undefined };
}

/** Items with the ids asked for, in the order of the state; EC2's error when one does not exist. No ids: all items. */
export function byIds<T>(call: QueryCall, parameter: string, items: Readonly<Record<string, T>>, code: string): T[] {
  const ids = texts(call.parameters, parameter);
  const missing = ids.filter((id) => !items[id]);
  if (missing.length > 0) throw awsFault(400, code, `The ID '${missing.join(', ')}' does not exist`);
  return ids.length === 0 ? Object.values(items) : Object.entries(items).flatMap(([id, item]) => (ids.includes(id) ? [item] : []));
}
