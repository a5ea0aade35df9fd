import * as z from 'zod';
import { regionOfTarget } from './api-gateway/custom-domain.ts';
import { switchedDomains } from './api-gateway/switched-domains.ts';
import { externalDns } from './checks/external-dns.ts';
import { gatewayDomains } from './checks/gateway-domains.ts';
import { route53Zones } from './checks/route53-zones.ts';
import type { Route53 } from './clients/aws.ts';
import { createCluster } from './create-cluster.ts';
import type { DnsPair } from './endpoints/endpoint-map.ts';
import { primaryTakesUsers } from './endpoints/failback.ts';
import { planChecks } from './endpoints/plan-checks.ts';
import { planDomains } from './endpoints/plan-domains.ts';
import { planZone, type SwitchInputs } from './endpoints/plan-zone.ts';
import { targetOf } from './endpoints/record-switch.ts';
import { switchedZones } from './endpoints/switched-zones.ts';
import type { HostedZone } from './estate/policy.ts';
import { gather } from './kit/errors.ts';
import { route53HealthCheck } from './resources/route53-health-check.ts';
import { listZone } from './resources/route53-reading.ts';
import { route53Record } from './resources/route53-record.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { verifyServices } from './verify-services.ts';
import { oldAnswersExpired } from './waits/old-answers-expired.ts';

export const switchRoute53 = defineStep({
  id: 'switch-route53',
  title: 'Switch the Route 53 records',
  needs: { inventory: takeInventory, created: createCluster, verified: verifyServices },
  reads: ['route53', 'apiGateway', 'drill', 'primary'],
  outputs: z.object({
    zones: z.array(z.object({ id: z.string(), name: z.string() })),
    records: z.array(z.object({ zone: z.string(), name: z.string(), type: z.string(), set: z.string(), from: z.string(), to: z.string() })),
  }),
  drivers: [route53HealthCheck, route53Record],
  waits: [oldAnswersExpired],
  checks: [route53Zones, externalDns, gatewayDomains],
  undoScope: 'endpoints',
  beforeUndo: primaryTakesUsers,

  async describe({ estate, run, clients, log, needs }) {
    const route53 = await clients.route53();
    const zones = await listZones(route53, switchedZones(estate, run.mode));
    const { region } = needs.created;
    const domains = await planDomains(
      clients,
      switchedDomains(estate, run.mode, region),
      { region, services: run.services },
      zones.flatMap(({ records }) => records),
    );
    const inputs = inputsOf(needs, domains.pairs);
    const planned = [domains, ...zones.map(({ zone, records }) => planZone(zone, records, inputs))];
    const problems = planned.flatMap((one) => one.problems);
    if (problems.length > 0) throw gather(problems);
    for (const { leftAlone } of planned) for (const line of leftAlone) log.warn(line);
    const records = planned.flatMap((one) => ('switches' in one ? one.switches : []));
    const checks = await planChecks(route53, run.mode, inputs, records);
    for (const line of checks.leftAlone) log.warn(line);
    const longest = Math.max(0, ...records.map(({ state }) => state.ttl ?? 0));
    const { timeToLiveSeconds } = estate.route53;
    if (longest > timeToLiveSeconds) {
      log.warn(
        `Some of these records have a TTL of ${longest} s; the estate waits ${timeToLiveSeconds} s. Resolvers may give old answers for longer.`,
      );
    }
    return [
      // First: a record that counts only while its check succeeds must not lead to an endpoint at which nobody looks.
      checks.switches.map(({ id, state }) => route53HealthCheck.resource(id, state)),
      records.map(({ id, state }) => route53Record.resource(id, { ...state, values: [...state.values] })),
      oldAnswersExpired.for({ seconds: timeToLiveSeconds }, { expectedSeconds: timeToLiveSeconds, limitSeconds: timeToLiveSeconds + 60 }),
    ];
  },

  async finish({ estate, run, clients, needs }) {
    const route53 = await clients.route53();
    const zones = switchedZones(estate, run.mode);
    const from = new Map(needs.verified.endpoints.map((pair) => [pair.new.dnsName, pair.old.dnsName]));
    const { region } = needs.created;
    const domains = switchedDomains(estate, run.mode, region);
    const cameFrom = (name: string, to: string): string | undefined => {
      const domain = regionOfTarget(to) === region ? domains.find((one) => one.name === name) : undefined;
      return domain === undefined ? from.get(to) : `API Gateway in ${domain.region}`;
    };
    const records = (await listZones(route53, zones)).flatMap((listed) =>
      listed.records.flatMap((record) => {
        const to = targetOf(record);
        const old = to === null ? undefined : cameFrom(record.name, to);
        return to === null || old === undefined
          ? []
          : [{ zone: listed.zone.name, name: record.name, type: record.type, set: record.set, from: old, to }];
      }),
    );
    return { zones: zones.map(({ id, name }) => ({ id, name })), records };
  },
});

function listZones(route53: Route53, zones: readonly HostedZone[]) {
  return Promise.all(zones.map(async (zone) => ({ zone, records: await listZone(route53, zone.id) })));
}

function inputsOf(
  {
    inventory,
    verified,
  }: {
    readonly inventory: { readonly loadBalancers: readonly { readonly dnsName: string }[] };
    readonly verified: z.infer<typeof switchRoute53.needs.verified.outputs>;
  },
  domains: readonly DnsPair[],
): SwitchInputs {
  return {
    oldEndpoints: [...inventory.loadBalancers.map(({ dnsName }) => dnsName), ...domains.map(({ old }) => old.dnsName)],
    pairs: [...verified.endpoints, ...domains],
    leftOut: verified.leftOut,
  };
}
