import * as z from 'zod';
import { externalDns } from './checks/external-dns.ts';
import { route53Zones } from './checks/route53-zones.ts';
import type { Route53 } from './clients/aws.ts';
import { primaryTakesUsers } from './endpoints/failback.ts';
import { planChecks } from './endpoints/plan-checks.ts';
import { type PlannedSwitch, planZone, type SwitchInputs } from './endpoints/plan-zone.ts';
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
  needs: { inventory: takeInventory, verified: verifyServices },
  reads: ['route53', 'drill', 'primary'],
  outputs: z.object({
    zones: z.array(z.object({ id: z.string(), name: z.string() })),
    records: z.array(z.object({ zone: z.string(), name: z.string(), type: z.string(), set: z.string(), from: z.string(), to: z.string() })),
  }),
  drivers: [route53HealthCheck, route53Record],
  waits: [oldAnswersExpired],
  checks: [route53Zones, externalDns],
  undoScope: 'endpoints',
  beforeUndo: primaryTakesUsers,

  async describe({ estate, run, clients, log, needs }) {
    const route53 = await clients.route53();
    const planned = await planZones(route53, switchedZones(estate, run.mode), inputsOf(needs));
    const problems = planned.flatMap((zone) => zone.problems);
    if (problems.length > 0) throw gather(problems);
    for (const { leftAlone } of planned) for (const line of leftAlone) log.warn(line);
    const records = planned.flatMap((zone) => zone.switches);
    const checks = await planChecks(route53, run.mode, inputsOf(needs), records);
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
    const perZone = await Promise.all(zones.map(async (zone) => ({ zone, records: await listZone(route53, zone.id) })));
    const records = perZone.flatMap(({ zone, records }) =>
      records.flatMap((record) => {
        const to = targetOf(record);
        const old = to === null ? undefined : from.get(to);
        return to === null || old === undefined
          ? []
          : [{ zone: zone.name, name: record.name, type: record.type, set: record.set, from: old, to }];
      }),
    );
    return { zones: zones.map(({ id, name }) => ({ id, name })), records };
  },
});

function planZones(route53: Route53, zones: readonly HostedZone[], inputs: SwitchInputs): Promise<PlannedSwitch[]> {
  return Promise.all(zones.map(async (zone) => planZone(zone, await listZone(route53, zone.id), inputs)));
}

function inputsOf({
  inventory,
  verified,
}: {
  readonly inventory: { readonly loadBalancers: readonly { readonly dnsName: string }[] };
  readonly verified: z.infer<typeof switchRoute53.needs.verified.outputs>;
}): SwitchInputs {
  return { oldEndpoints: inventory.loadBalancers.map(({ dnsName }) => dnsName), pairs: verified.endpoints, leftOut: verified.leftOut };
}
