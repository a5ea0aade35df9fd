import { awsFault } from '../aws/fault.ts';
import { jsonResponse } from '../aws/rest-json.ts';
import { type EksCall, type EksRoute, parameter } from './call.ts';
import { tagsIn } from './input.ts';

interface Tagged {
  tags: Record<string, string>;
}

/** The operations of tags have errors of their own, named otherwise than those of the rest of EKS. */
const badRequest = (message: string): Error => awsFault(400, 'BadRequestException', message);

/** What carries tags: clusters, node groups, add-ons, access entries, pod identity associations. */
function taggedOrFail({ sandbox, region, ...call }: EksCall): Tagged {
  const arn = parameter({ sandbox, region, ...call }, 'resourceArn');
  const match = /^arn:aws:eks:([a-z0-9-]+):\d{12}:(cluster|nodegroup|addon|access-entry|podidentityassociation)\/([^/]+)(?:\/(.+))?$/.exec(
    arn,
  );
  if (match === null) throw badRequest(`Invalid resource ARN: ${arn}`);
  const [, arnRegion, sort, clusterName = '', rest = ''] = match;
  if (arnRegion !== region) throw badRequest(`The resource ${arn} is not in ${region}`);
  const cluster = sandbox.world.eks.clusters[`${region}/${clusterName}`];
  const [name = ''] = rest.split('/');
  const found: Record<string, Tagged | undefined> = {
    cluster,
    nodegroup: cluster?.nodegroups[name],
    addon: cluster?.addons[name],
    podidentityassociation: cluster?.podIdentityAssociations[name],
    'access-entry': Object.values(cluster?.accessEntries ?? {}).find((entry) => entry.id === arn),
  };
  const tagged = found[sort ?? ''];
  if (tagged === undefined) throw awsFault(404, 'NotFoundException', `The resource ${arn} cannot be found`);
  return tagged;
}

export const tagRoutes: readonly EksRoute[] = [
  {
    name: 'ListTagsForResource',
    method: 'GET',
    pattern: '/tags/{resourceArn}',
    run: (call) => jsonResponse({ tags: taggedOrFail(call).tags }),
  },
  {
    name: 'TagResource',
    method: 'POST',
    pattern: '/tags/{resourceArn}',
    body: ['tags'],
    run: (call) => {
      const tagged = taggedOrFail(call);
      const tags = { ...tagged.tags, ...tagsIn(call.body, badRequest) };
      if (Object.keys(tags).length > 50) throw badRequest('A resource can have at most 50 tags');
      tagged.tags = tags;
      return jsonResponse({});
    },
  },
  {
    name: 'UntagResource',
    method: 'DELETE',
    pattern: '/tags/{resourceArn}',
    query: ['tagKeys'],
    run: (call) => {
      const tagged = taggedOrFail(call);
      const gone = call.query.getAll('tagKeys');
      tagged.tags = Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !gone.includes(key)));
      return jsonResponse({});
    },
  },
];
