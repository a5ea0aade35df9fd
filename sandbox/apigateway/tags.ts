import { jsonResponse } from '../aws/rest-json.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, parameter } from './call.ts';
import { badRequest, notFound } from './faults.ts';
import { tagsIn } from './input.ts';

interface Tagged {
  tags: Record<string, string>;
}

const pattern = /^arn:aws:apigateway:([a-z0-9-]+)::\/(restapis|apis|vpclinks|domainnames)\/([^/]+)(?:\/stages\/([^/]+))?$/;

/** What carries tags: APIs and their stages, VPC links, domain names. VPC links of both versions have the same ARNs. */
function taggedOf(call: ApiCall, version: 1 | 2): Tagged {
  const arn = parameter(call, 'resourceArn');
  const [, region, sort, id = '', stage] = pattern.exec(arn) ?? [];
  if (sort === undefined) throw badRequest(`Invalid resource ARN: ${arn}`);
  if (region !== call.region) throw badRequest(`The resource ${arn} is not in ${call.region}`);
  const { restApis, httpApis, vpcLinksV1, vpcLinksV2, domains } = call.state;
  const links = version === 1 ? vpcLinksV1 : vpcLinksV2;
  const api = sort === 'restapis' ? restApis[id] : httpApis[id];
  const whole = { restapis: api, apis: api, vpclinks: links[id], domainnames: domains[id] }[sort];
  const found: Tagged | undefined = stage === undefined ? whole : api?.stages[stage];
  if (found === undefined) throw notFound(`Invalid Resource identifier specified: ${arn}`);
  return found;
}

const none: SandboxResponse = { status: 204, headers: { 'content-type': 'application/json' }, body: '' };

function routesOf(version: 1 | 2, path: string, add: 'PUT' | 'POST', added: SandboxResponse): readonly ApiRoute[] {
  return [
    {
      name: 'GetTags',
      method: 'GET',
      pattern: path,
      run: (call) => jsonResponse({ tags: taggedOf(call, version).tags }),
    },
    {
      name: 'TagResource',
      method: add,
      pattern: path,
      body: ['tags'],
      run: (call) => {
        const tagged = taggedOf(call, version);
        tagged.tags = tagsIn(call.body, tagged.tags);
        return added;
      },
    },
    {
      name: 'UntagResource',
      method: 'DELETE',
      pattern: path,
      query: ['tagKeys'],
      run: (call) => {
        const tagged = taggedOf(call, version);
        const gone = call.query.getAll('tagKeys').flatMap((each) => each.split(','));
        tagged.tags = Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !gone.includes(key)));
        return none;
      },
    },
  ];
}

export const tagRoutes: readonly ApiRoute[] = [
  ...routesOf(1, '/tags/{resourceArn}', 'PUT', none),
  ...routesOf(2, '/v2/tags/{resourceArn}', 'POST', jsonResponse({}, 201)),
];
