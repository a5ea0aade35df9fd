import * as z from 'zod';
import { readApis } from './api-gateway/read-apis.ts';
import { readLinks } from './api-gateway/read-links.ts';
import { linksNeeded } from './api-gateway/switch-endpoint.ts';
import { switchedApis } from './api-gateway/switched-apis.ts';
import { describeLinks, newestPlace } from './api-gateway/vpc-links.ts';
import type { Clients } from './clients/clients.ts';
import { lookAround } from './cloudfront/look-around.ts';
import { describeVpcOrigins, successorsOf } from './cloudfront/successors.ts';
import { switchedDistributions } from './cloudfront/switched-distributions.ts';
import { isSuccessorOf, listVpcOrigins } from './cloudfront/vpc-origins.ts';
import { createCluster } from './create-cluster.ts';
import { type Endpoint, type Listening, sameKey } from './endpoints/endpoint-map.ts';
import { type ClusterLoadBalancer, clusterLoadBalancers } from './endpoints/load-balancers.ts';
import type { Estate } from './estate/estate.ts';
import { installIstio } from './install-istio.ts';
import { gather } from './kit/errors.ts';
import type { Resource, Wait } from './kit/resource.ts';
import type { Run } from './kit/run.ts';
import { RUN_TAG } from './naming.ts';
import { apigatewayVpcLink } from './resources/apigateway-vpc-link.ts';
import { apigatewayv2VpcLink } from './resources/apigatewayv2-vpc-link.ts';
import { cloudfrontVpcOrigin } from './resources/cloudfront-vpc-origin.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { cloudfrontVpcOriginsDeployed } from './waits/cloudfront-vpc-origins-deployed.ts';
import { vpcLinksAvailable } from './waits/vpc-links-available.ts';

export const prepareEndpoints = defineStep({
  id: 'prepare-endpoints',
  title: 'Prepare what takes minutes before endpoints can be switched',
  needs: { inventory: takeInventory, created: createCluster, istio: installIstio },
  reads: ['primary', 'apiGateway', 'cloudfront', 'drill'],
  outputs: z.object({ links: z.array(z.string()), vpcOrigins: z.array(z.string()) }),
  drivers: [apigatewayVpcLink, apigatewayv2VpcLink, cloudfrontVpcOrigin],
  waits: [vpcLinksAvailable, cloudfrontVpcOriginsDeployed],
  checks: [],

  async describe({ estate, run, clients, needs: { inventory, created, istio } }) {
    const { region, cluster } = created;
    const there = await clusterLoadBalancers(await clients.elb(region), cluster);
    const fresh = there.filter((one) => istio.loadBalancers.some((way) => sameKey(way, one)));
    const context = { estate, run, clients, created, old: inventory.loadBalancers, fresh };
    const parts = await Promise.all([earlyLinks(context), earlyVpcOrigins(context)]);
    // What takes minutes takes them beside each other.
    return [parts.flatMap((part) => (part.length === 0 ? [] : part[0])), parts.flatMap((part) => (part.length === 0 ? [] : part[1]))];
  },

  async finish({ estate, run, clients, needs: { created } }) {
    const switched = await switchedDistributions(clients.cloudfront, estate, run.mode);
    const vpcOrigins = switched.length === 0 ? [] : await listVpcOrigins(await clients.cloudfront());
    const links = switchedApis(estate, run.mode).some(({ region }) => region === created.region)
      ? await readLinks(clients, created.region)
      : [];
    return {
      links: links.flatMap(({ name, tags }) => (tags[RUN_TAG] === run.id ? [name] : [])).toSorted(),
      vpcOrigins: vpcOrigins.flatMap(({ name }) => (isSuccessorOf(run, name) ? [name] : [])).toSorted(),
    };
  },
});

interface Early {
  readonly estate: Pick<Estate, 'primary' | 'apiGateway' | 'cloudfront' | 'drill'>;
  readonly run: Run;
  readonly clients: Clients;
  readonly created: { readonly region: string; readonly cluster: string };
  readonly old: readonly Listening<Endpoint>[];
  /** The load balancers before Istio; those of services come with the services. */
  readonly fresh: readonly ClusterLoadBalancer[];
}

async function earlyLinks({ estate, run, clients, created: { region, cluster }, old, fresh }: Early): Promise<[Resource[], Wait] | []> {
  // Private integrations reach load balancers of their own region only.
  const refs = switchedApis(estate, run.mode).filter((ref) => ref.region === region);
  if (refs.length === 0) return [];
  const { opened, problems } = await readApis(clients, refs, { mode: run.mode, region, domains: [] });
  if (problems.length > 0) throw gather(problems);
  const perApi = opened.map(async ({ api, links }) => (await api.integrations()).map((one) => linksNeeded(one, links, old)));
  const needed = (await Promise.all(perApi)).flat();
  const wanted = needed.flatMap((one) => one.to);
  const to = fresh.filter((balancer) => old.some((one) => wanted.includes(one) && sameKey(one, balancer)));
  const into = needed.some((one) => one.into)
    ? await newestPlace(await clients.elb(region), cluster, fresh, estate.apiGateway.securityGroups[run.target])
    : null;
  return describeLinks({ run: run.id, region, to, into });
}

async function earlyVpcOrigins({ estate, run, clients, old, fresh }: Early): Promise<[Resource[], Wait] | []> {
  const { cloudfront, distributions, vpcOrigins } = await lookAround(clients.cloudfront, estate, run);
  if (cloudfront === null) return [];
  const pairs = old.flatMap((one) => {
    const same = fresh.filter((balancer) => sameKey(balancer, one));
    return same[0] === undefined || same.length > 1 ? [] : [{ old: one, new: same[0] }];
  });
  return describeVpcOrigins(await successorsOf(cloudfront, { run, distributions, vpcOrigins, pairs }));
}
