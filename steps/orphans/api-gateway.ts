import { readLinks } from '../api-gateway/read-links.ts';
import { RUN_TAG } from '../naming.ts';
import type { Search } from './search.ts';

export const apiGatewaySearch: Search = {
  system: 'API Gateway',
  async search({ run, estate, clients, cluster: { region } }) {
    if (estate.apiGateway.apis.length === 0 && estate.drill.apis.length === 0) return [];
    return (await readLinks(clients, region)).flatMap(({ id, name, version, tags }) => {
      if (tags[RUN_TAG] !== run.id) return [];
      const command = version === 1 ? 'apigateway' : 'apigatewayv2';
      return [{ what: `VPC link ${name}`, where: region, remove: `aws ${command} --region ${region} delete-vpc-link --vpc-link-id ${id}` }];
    });
  },
};
