import * as z from 'zod';
import { awaitServices } from './await-services.ts';
import { createCluster } from './create-cluster.ts';
import { type EndpointKey, mapEndpoints } from './endpoints/endpoint-map.ts';
import { expectations, type RecoveredService } from './endpoints/expectations.ts';
import { checkedLoadBalancers } from './endpoints/load-balancers.ts';
import { EksDrError } from './kit/errors.ts';
import { openMergeRequest } from './open-merge-request.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { loadBalancersHealthy } from './waits/load-balancers-healthy.ts';

const key = { stack: z.string(), type: z.enum(['network', 'application']), scheme: z.enum(['internet-facing', 'internal']) };

export const verifyServices = defineStep({
  id: 'verify-services',
  title: 'Verify that every endpoint has its successor',
  needs: { inventory: takeInventory, created: createCluster, opened: openMergeRequest, awaited: awaitServices },
  reads: [],
  outputs: z.object({
    endpoints: z.array(
      z.object({
        ...key,
        old: z.object({ dnsName: z.string(), zoneId: z.string() }),
        new: z.object({ dnsName: z.string(), zoneId: z.string(), arn: z.string() }),
      }),
    ),
    /** Old endpoints without a successor, and why that is accepted. Their records stay as they are. */
    leftOut: z.array(z.object({ ...key, dnsName: z.string(), reason: z.string() })),
  }),
  drivers: [],
  waits: [loadBalancersHealthy],
  checks: [],

  describe({ needs }) {
    const expect = expectationsOf(needs);
    const expected = needs.inventory.loadBalancers
      .filter((endpoint) => expect(endpoint).kind === 'required')
      .map(({ stack, type, scheme }) => ({ stack, type, scheme }));
    if (expected.length === 0) return [];
    return [loadBalancersHealthy.for({ region: needs.created.region, cluster: needs.created.cluster, expected })];
  },

  async finish({ clients, log, needs }) {
    const { region, cluster } = needs.created;
    const fresh = await checkedLoadBalancers(await clients.elb(region), cluster);
    const { pairs, leftOut, gaps } = mapEndpoints(needs.inventory.loadBalancers, fresh, expectationsOf(needs));
    for (const { stack, dnsName, reason } of leftOut)
      log.warn(`Left out: ${dnsName} of ${stack}: ${reason}. Its records stay as they are.`);
    if (gaps.length > 0) {
      throw new EksDrError('endpoint-unmapped', {
        message: `${gaps.length} of ${needs.inventory.loadBalancers.length} endpoints of the primary have no good successor on ${cluster}: ${gaps.join('; ')}.`,
        target: cluster,
      });
    }
    return { endpoints: [...pairs], leftOut: [...leftOut] };
  },
});

interface Needed {
  readonly inventory: { readonly services: readonly { readonly name: string }[] };
  readonly opened: { readonly services: readonly { readonly name: string; readonly namespace: string }[] };
  readonly awaited: { readonly services: readonly { readonly name: string; readonly status: string }[] };
}

function expectationsOf({ inventory, opened, awaited }: Needed): (endpoint: EndpointKey) => ReturnType<ReturnType<typeof expectations>> {
  const status = new Map(awaited.services.map((service) => [service.name, service.status]));
  const recovered = opened.services.map(
    ({ name, namespace }): RecoveredService => ({ name, namespace, healthy: status.get(name) === 'healthy' }),
  );
  return expectations(recovered, opened.services.length === inventory.services.length);
}
