import * as z from 'zod';
import { cloudfrontDistributions } from './checks/cloudfront-distributions.ts';
import type { Distribution } from './cloudfront/distributions.ts';
import { lookAround } from './cloudfront/look-around.ts';
import { planOrigins } from './cloudfront/plan-origins.ts';
import { describeVpcOrigins, successorsOf } from './cloudfront/successors.ts';
import type { EndpointPair } from './endpoints/endpoint-map.ts';
import { primaryTakesUsers } from './endpoints/failback.ts';
import { normalisedHost } from './endpoints/host-name.ts';
import { gather } from './kit/errors.ts';
import { prepareEndpoints } from './prepare-endpoints.ts';
import { cloudfrontOrigin, originState } from './resources/cloudfront-origin.ts';
import { cloudfrontVpcOrigin } from './resources/cloudfront-vpc-origin.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { verifyServices } from './verify-services.ts';
import { cloudfrontDistributionsDeployed } from './waits/cloudfront-distributions-deployed.ts';
import { cloudfrontVpcOriginsDeployed } from './waits/cloudfront-vpc-origins-deployed.ts';

export const switchCloudfront = defineStep({
  id: 'switch-cloudfront',
  title: 'Switch the origins of CloudFront',
  needs: { inventory: takeInventory, verified: verifyServices },
  after: [prepareEndpoints],
  reads: ['primary', 'cloudfront', 'drill'],
  outputs: z.object({
    origins: z.array(
      z.object({ distribution: z.string(), origin: z.string(), from: z.string(), to: z.string(), vpcOrigin: z.string().nullable() }),
    ),
  }),
  drivers: [cloudfrontVpcOrigin, cloudfrontOrigin],
  waits: [cloudfrontVpcOriginsDeployed, cloudfrontDistributionsDeployed],
  checks: [cloudfrontDistributions],
  undoScope: 'endpoints',
  beforeUndo: primaryTakesUsers,

  async describe({ estate, run, clients, log, needs: { inventory, verified } }) {
    const { endpoints: pairs, leftOut } = verified;
    const { cloudfront, distributions, vpcOrigins } = await lookAround(clients.cloudfront, estate, run);
    if (cloudfront === null) return [];
    for (const { id, config } of distributions)
      if (config.Staging === true) log.warn(`The distribution ${id} is a staging distribution and stays as it is.`);
    const switched = distributions.filter(({ config }) => config.Staging !== true);
    const successors = await successorsOf(cloudfront, { run, distributions: switched, vpcOrigins, pairs });
    const inputs = { oldEndpoints: inventory.loadBalancers, pairs, leftOut, vpcOrigins, successors };
    const planned = switched.map((distribution) => planOrigins(distribution, inputs));
    const problems = planned.flatMap((one) => one.problems);
    if (problems.length > 0) throw gather(problems);
    for (const line of planned.flatMap(({ remarks }) => remarks)) log.warn(line);

    const origins = planned.flatMap(({ switches }) => switches);
    const made = successors.filter(({ name }) => origins.some(({ state }) => state.vpcOrigin === name));
    const deployed = [...new Set([...origins.map(({ id }) => id.distribution), ...ledTo(switched, pairs)])].sort();
    return [
      ...describeVpcOrigins(made),
      origins.map(({ id, state }) => cloudfrontOrigin.resource(id, state)),
      ...(deployed.length === 0 ? [] : [cloudfrontDistributionsDeployed.for({ distributions: deployed })]),
    ];
  },

  undoWaits(applied) {
    const ids = applied.flatMap(({ kind, id }) => (kind === cloudfrontOrigin.kind ? (id.distribution ?? []) : []));
    return ids.length === 0 ? [] : [cloudfrontDistributionsDeployed.for({ distributions: [...new Set(ids)].sort() })];
  },

  async finish({ estate, run, clients, needs: { verified } }) {
    const { distributions, vpcOrigins } = await lookAround(clients.cloudfront, estate, run);
    return {
      origins: distributions.flatMap(({ id, config }) =>
        (config.Origins?.Items ?? []).flatMap((origin) => {
          const { domainName: to, vpcOrigin } = originState(origin, vpcOrigins);
          const target = vpcOrigins.find(({ name }) => name === vpcOrigin)?.target;
          const pair = verified.endpoints.find(
            ({ new: fresh }) => normalisedHost(fresh.dnsName) === normalisedHost(to) || (target !== undefined && fresh.arn === target),
          );
          return pair === undefined ? [] : [{ distribution: id, origin: origin.Id ?? '', from: pair.old.dnsName, to, vpcOrigin }];
        }),
      ),
    };
  },
});

/** Distributions that lead to the new load balancers already: a rerun waits for them, too. */
function ledTo(distributions: readonly Distribution[], pairs: readonly Pick<EndpointPair, 'new'>[]): string[] {
  const ours = new Set(pairs.map((pair) => normalisedHost(pair.new.dnsName)));
  return distributions
    .filter(({ config }) => config.Origins?.Items?.some(({ DomainName = '' }) => ours.has(normalisedHost(DomainName))))
    .map(({ id }) => id);
}
