import { awsFault } from '../aws/fault.ts';
import { namedList, type XmlValue } from '../aws/xml.ts';
import type { SandboxRequest, SandboxResponse } from '../system.ts';
import type { World } from '../world.ts';
import { healthCheckById } from './health-checks.ts';
import { zoneById } from './hosted-zones.ts';
import { allowElements, childList, childText, nodes, parseXml, xmlResponse } from './xml.ts';

/** What has tags in Route 53. */
export interface Tagged {
  readonly type: 'hostedzone' | 'healthcheck';
  readonly resource: { readonly id: string; tags: Record<string, string> };
}

export function taggedResource(world: World, type: string, id: string): Tagged {
  if (type === 'hostedzone') return { type, resource: zoneById(world, id) };
  if (type === 'healthcheck') return { type, resource: healthCheckById(world, id) };
  throw awsFault(400, 'InvalidInput', `Value '${type}' at 'resourceType' failed to satisfy constraint: [healthcheck, hostedzone]`);
}

function view({ type, resource }: Tagged): XmlValue {
  const tags = Object.entries(resource.tags).map(([Key, Value]) => ({ Key, Value }));
  return { ResourceType: type, ResourceId: resource.id, Tags: namedList('Tag', tags) };
}

export function listTags(tagged: Tagged): SandboxResponse {
  return xmlResponse('ListTagsForResourceResponse', { ResourceTagSet: view(tagged) });
}

/** ListTagsForResources: up to ten resources of one type. */
export function listTagsOfSeveral(type: string, request: SandboxRequest, world: World): SandboxResponse {
  const root = parseXml(request.body, 'ListTagsForResourcesRequest');
  allowElements(root, ['ResourceIds']);
  const ids = (childList(root, 'ResourceIds', 'ResourceId') ?? []).map(String);
  if (ids.length === 0 || ids.length > 10) throw awsFault(400, 'InvalidInput', 'ListTagsForResources takes 1 to 10 resource ids.');
  const sets = ids.map((id) => view(taggedResource(world, type, id)));
  return xmlResponse('ListTagsForResourcesResponse', { ResourceTagSets: namedList('ResourceTagSet', sets) });
}

/** ChangeTagsForResource: at most 10 tags on a resource. */
export function changeTags({ resource }: Tagged, request: SandboxRequest): SandboxResponse {
  const root = parseXml(request.body, 'ChangeTagsForResourceRequest');
  allowElements(root, ['AddTags', 'RemoveTagKeys']);
  const add = nodes(childList(root, 'AddTags', 'Tag') ?? []);
  const remove = (childList(root, 'RemoveTagKeys', 'Key') ?? []).map(String);
  if (add.length + remove.length === 0) throw awsFault(400, 'InvalidInput', 'AddTags or RemoveTagKeys is required.');
  const tags = { ...resource.tags };
  for (const key of remove) delete tags[key];
  for (const tag of add) tags[childText(tag, 'Key') ?? ''] = childText(tag, 'Value') ?? '';
  if ('' in tags || Object.keys(tags).length > 10) throw awsFault(400, 'InvalidInput', 'A resource has at most 10 tags, and a tag a key.');
  resource.tags = tags;
  return xmlResponse('ChangeTagsForResourceResponse', {});
}
