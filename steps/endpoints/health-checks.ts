import type { Route53 } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import { DRILL_SCOPE } from '../kit/guard.ts';
import type { Run } from '../kit/run.ts';
import { SCOPE_TAG } from '../naming.ts';
import { normalisedHost } from './host-name.ts';

/** A health check that looks at an endpoint by its host name. */
export interface EndpointCheck {
  readonly id: string;
  /** As it stands there. */
  readonly fqdn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** ListTagsForResources takes as many. */
const TAGS_AT_ONCE = 10;

/** The health checks that look at one of these endpoints. The host name is compared whole; with an address it only stands in a header. */
export async function checksOf(route53: Route53, endpoints: readonly string[]): Promise<EndpointCheck[]> {
  const wanted = new Set(endpoints.map(normalisedHost));
  const all = await allPages(async (Marker) => {
    const page = await route53.listHealthChecks({ Marker });
    return [page.HealthChecks, page.IsTruncated === true ? page.NextMarker : undefined];
  });
  const found = all.flatMap(({ Id: id = '', HealthCheckConfig: config }) => {
    const fqdn = config?.FullyQualifiedDomainName ?? '';
    return config?.IPAddress === undefined && wanted.has(normalisedHost(fqdn)) ? [{ id, fqdn }] : [];
  });
  const tags = await tagsOf(
    route53,
    found.map(({ id }) => id),
  );
  return found.map((check) => ({ ...check, tags: tags.get(check.id) ?? {} }));
}

async function tagsOf(route53: Route53, ids: readonly string[]): Promise<Map<string, Record<string, string>>> {
  const tags = new Map<string, Record<string, string>>();
  for (let start = 0; start < ids.length; start += TAGS_AT_ONCE) {
    const ResourceIds = ids.slice(start, start + TAGS_AT_ONCE);
    const { ResourceTagSets = [] } = await route53.listTagsForResources({ ResourceType: 'healthcheck', ResourceIds });
    for (const { ResourceId = '', Tags = [] } of ResourceTagSets)
      tags.set(ResourceId, Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? '', Value ?? ''])));
  }
  return tags;
}

/** Whether a run switches a check: a drill those that are made for drills, a recovery all others. */
export function isSwitched({ tags }: Pick<EndpointCheck, 'tags'>, mode: Run['mode']): boolean {
  return (tags[SCOPE_TAG] === DRILL_SCOPE) === (mode === 'drill');
}
