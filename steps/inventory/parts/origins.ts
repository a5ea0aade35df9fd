import * as z from 'zod';
import { listDistributions } from '../../cloudfront/distributions.ts';
import { listVpcOrigins } from '../../cloudfront/vpc-origins.ts';
import { normalisedHost } from '../../endpoints/host-name.ts';
import { leadsToRegion } from '../../endpoints/load-balancer-name.ts';
import { definePart, sortedBy } from '../part.ts';

const schema = z
  .array(
    z.strictObject({
      distribution: z.string().min(1),
      /** Its first alias, or what it is called by CloudFront. */
      name: z.string(),
      origin: z.string(),
      /** The domain name, as DNS names are compared. */
      target: z.string(),
      /** The ARN of the load balancer behind its VPC origin; '' where it has none. */
      behind: z.string(),
    }),
  )
  .nullable();

/** The origins of the estate's distributions that lead to load balancers in the region of the primary. */
export const origins = definePart({
  schema,
  words: 'origins that lead to load balancers',
  system: 'CloudFront',
  forPeople: true,
  size: (value) => value?.length ?? 0,

  async read(clients, { primary, cloudfront: { distributions } }) {
    if (distributions.length === 0) return [];
    const cloudfront = await clients.cloudfront();
    const [all, vpcOrigins] = await Promise.all([listDistributions(cloudfront), listVpcOrigins(cloudfront)]);
    const chosen = all.filter(({ Id = '' }) => distributions === 'all' || distributions.includes(Id));
    const found = chosen.flatMap(({ Id: distribution = '', DomainName: own = '', Aliases, Origins }) =>
      (Origins?.Items ?? []).map(({ Id: origin = '', DomainName = '', VpcOriginConfig }) => ({
        distribution,
        name: Aliases?.Items?.[0] ?? own,
        origin,
        target: normalisedHost(DomainName),
        behind: vpcOrigins.find(({ id }) => id === VpcOriginConfig?.VpcOriginId)?.target ?? '',
      })),
    );
    const leading = found.filter(({ target, behind }) => leadsToRegion(target, primary.region) || behind.split(':')[3] === primary.region);
    return sortedBy(leading, ({ distribution, origin }) => `${distribution} ${origin}`);
  },
});
