import { tagsOf } from '../cloudfront/distributions.ts';
import { isSuccessorOf, listVpcOrigins } from '../cloudfront/vpc-origins.ts';
import { RUN_TAG } from '../naming.ts';
import type { Search } from './search.ts';

export const cloudfrontSearch: Search = {
  system: 'CloudFront',
  async search({ run, estate, clients }) {
    const { distributions } = estate.cloudfront;
    if (distributions.length === 0 && estate.drill.distributions.length === 0) return [];
    const cloudfront = await clients.cloudfront();
    const named = (await listVpcOrigins(cloudfront)).filter(({ name }) => isSuccessorOf(run, name));
    const marked = await Promise.all(named.map(async (origin) => ({ origin, tags: await tagsOf(cloudfront, origin.arn) })));
    return marked.flatMap(({ origin: { id, name }, tags }) => {
      if (tags[RUN_TAG] !== run.id) return [];
      return [
        { what: `VPC origin ${name}`, where: 'CloudFront', remove: `aws cloudfront delete-vpc-origin --id ${id} --if-match <its ETag>` },
      ];
    });
  },
};
