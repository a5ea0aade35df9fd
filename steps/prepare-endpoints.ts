import * as z from 'zod';
import { readApis } from './api-gateway/read-apis.ts';
import { readLinks } from './api-gateway/read-links.ts';
import { linksNeeded } from './api-gateway/switch-endpoint.ts';
import { switchedApis } from './api-gateway/switched-apis.ts';
import { describeLinks, newestPlace } from './api-gateway/vpc-links.ts';
import { createCluster } from './create-cluster.ts';
import { sameKey } from './endpoints/endpoint-map.ts';
import { clusterLoadBalancers } from './endpoints/load-balancers.ts';
import { installIstio } from './install-istio.ts';
import { gather } from './kit/errors.ts';
import { RUN_TAG } from './naming.ts';
import { apigatewayVpcLink } from './resources/apigateway-vpc-link.ts';
import { apigatewayv2VpcLink } from './resources/apigatewayv2-vpc-link.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { vpcLinksAvailable } from './waits/vpc-links-available.ts';

export const prepareEndpoints = defineStep({
  id: 'prepare-endpoints',
  title: 'Prepare what takes minutes before endpoints can be switched',
  needs: { inventory: takeInventory, created: createCluster, istio: installIstio },
  reads: ['primary', 'apiGateway', 'drill'],
  outputs: z.object({ links: z.array(z.string()) }),
  drivers: [apigatewayVpcLink, apigatewayv2VpcLink],
  waits: [vpcLinksAvailable],
  checks: [],

  async describe({ estate, run, clients, needs: { inventory, created, istio } }) {
    const { region, cluster } = created;
    // Private integrations reach load balancers of their own region only.
    const refs = switchedApis(estate, run.mode).filter((ref) => ref.region === region);
    if (refs.length === 0) return [];
    const { opened, problems } = await readApis(clients, refs, { mode: run.mode, region });
    if (problems.length > 0) throw gather(problems);
    const needed = (
      await Promise.all(
        opened.map(async ({ api, links }) => (await api.integrations()).map((one) => linksNeeded(one, links, inventory.loadBalancers))),
      )
    ).flat();
    const elb = await clients.elb(region);
    const there = (await clusterLoadBalancers(elb, cluster)).filter((one) => istio.loadBalancers.some((way) => sameKey(way, one)));
    const to = needed.flatMap((one) => one.to);
    const first = there.filter((fresh) => inventory.loadBalancers.some((old) => to.includes(old) && sameKey(old, fresh)));
    const into = needed.some((one) => one.into)
      ? await newestPlace(elb, cluster, istio.loadBalancers, estate.apiGateway.securityGroups[run.target])
      : null;
    return describeLinks({ run: run.id, region, to: first, into });
  },

  async finish({ estate, run, clients, needs: { created } }) {
    if (!switchedApis(estate, run.mode).some(({ region }) => region === created.region)) return { links: [] };
    const links = await readLinks(clients, created.region);
    return { links: links.flatMap(({ name, tags }) => (tags[RUN_TAG] === run.id ? [name] : [])).toSorted() };
  },
});
