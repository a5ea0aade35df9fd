import { awsFault } from '../aws/fault.ts';
import { namedList } from '../aws/xml.ts';
import type { SandboxRequest, SandboxResponse } from '../system.ts';
import { tagKeys, tagSet } from './distribution-shape.ts';
import type { XmlObject } from './shape.ts';
import type { CloudFrontState } from './state.ts';
import { emptyResponse, readBody, xmlResponse } from './xml.ts';

const mostTags = 50;

interface Tagged {
  tags: Record<string, string>;
}

/** The tags in a request. */
export function tagsFrom(set: XmlObject): Record<string, string> {
  const items = (set.Items ?? []) as { Key: string; Value?: string }[];
  return Object.fromEntries(items.map(({ Key, Value = '' }) => [Key, Value]));
}

function taggedBy(state: CloudFrontState, { query }: SandboxRequest): Tagged {
  const arn = query.get('Resource') ?? '';
  if (!arn.startsWith('arn:')) throw awsFault(400, 'InvalidArgument', 'The parameter Resource must be an ARN.');
  const found = [...Object.values(state.distributions), ...Object.values(state.vpcOrigins)].find((one) => one.arn === arn);
  if (found === undefined) throw awsFault(404, 'NoSuchResource', `The resource ${arn} was not found.`);
  return found;
}

export function listTags(request: SandboxRequest, state: CloudFrontState): SandboxResponse {
  const { tags } = taggedBy(state, request);
  const items = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return xmlResponse('Tags', items.length === 0 ? {} : { Items: namedList('Tag', items) });
}

export function changeTags(request: SandboxRequest, state: CloudFrontState): SandboxResponse {
  const resource = taggedBy(state, request);
  if (request.query.get('Operation') === 'Tag') {
    const tags = { ...resource.tags, ...tagsFrom(readBody(request.body, 'Tags', tagSet)) };
    if (Object.keys(tags).length > mostTags || '' in tags) throw awsFault(400, 'InvalidTagging', 'The tagging specified is not valid.');
    resource.tags = tags;
    return emptyResponse();
  }
  const keys = (readBody(request.body, 'TagKeys', tagKeys).Items ?? []) as string[];
  resource.tags = Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !keys.includes(key)));
  return emptyResponse();
}
