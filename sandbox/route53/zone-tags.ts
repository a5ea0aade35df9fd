import { awsFault } from '../aws/fault.ts';
import { namedList, type XmlValue } from '../aws/xml.ts';
import type { SandboxRequest, SandboxResponse } from '../system.ts';
import type { World } from '../world.ts';
import { zoneById } from './hosted-zones.ts';
import type { HostedZone } from './state.ts';
import { allowElements, childList, childText, nodes, parseXml, xmlResponse } from './xml.ts';

/** Only hosted zones have tags here: the sandbox has no health checks. */
export function taggedZone(world: World, type: string, id: string): HostedZone {
  if (type === 'hostedzone') return zoneById(world, id);
  if (type === 'healthcheck') throw awsFault(404, 'NoSuchHealthCheck', `No health check exists with the specified ID: ${id}`);
  throw awsFault(400, 'InvalidInput', `Value '${type}' at 'resourceType' failed to satisfy constraint: [healthcheck, hostedzone]`);
}

function view(zone: HostedZone): XmlValue {
  const tags = Object.entries(zone.tags).map(([Key, Value]) => ({ Key, Value }));
  return { ResourceType: 'hostedzone', ResourceId: zone.id, Tags: namedList('Tag', tags) };
}

export function listTags(zone: HostedZone): SandboxResponse {
  return xmlResponse('ListTagsForResourceResponse', { ResourceTagSet: view(zone) });
}

/** ListTagsForResources: up to ten zones. */
export function listTagsOfSeveral(type: string, request: SandboxRequest, world: World): SandboxResponse {
  const root = parseXml(request.body, 'ListTagsForResourcesRequest');
  allowElements(root, ['ResourceIds']);
  const ids = (childList(root, 'ResourceIds', 'ResourceId') ?? []).map(String);
  if (ids.length === 0 || ids.length > 10) throw awsFault(400, 'InvalidInput', 'ListTagsForResources takes 1 to 10 resource ids.');
  const sets = ids.map((id) => view(taggedZone(world, type, id)));
  return xmlResponse('ListTagsForResourcesResponse', { ResourceTagSets: namedList('ResourceTagSet', sets) });
}

/** ChangeTagsForResource: at most 10 tags on a resource. */
export function changeTags(zone: HostedZone, request: SandboxRequest): SandboxResponse {
  const root = parseXml(request.body, 'ChangeTagsForResourceRequest');
  allowElements(root, ['AddTags', 'RemoveTagKeys']);
  const add = nodes(childList(root, 'AddTags', 'Tag') ?? []);
  const remove = (childList(root, 'RemoveTagKeys', 'Key') ?? []).map(String);
  if (add.length + remove.length === 0) throw awsFault(400, 'InvalidInput', 'AddTags or RemoveTagKeys is required.');
  const tags = { ...zone.tags };
  for (const key of remove) delete tags[key];
  for (const tag of add) tags[childText(tag, 'Key') ?? ''] = childText(tag, 'Value') ?? '';
  if ('' in tags || Object.keys(tags).length > 10) throw awsFault(400, 'InvalidInput', 'A resource has at most 10 tags, and a tag a key.');
  zone.tags = tags;
  return xmlResponse('ChangeTagsForResourceResponse', {});
}
