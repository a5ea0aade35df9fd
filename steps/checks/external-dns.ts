import { leadsToRegion } from '../endpoints/load-balancer-name.ts';
import { EXTERNAL_DNS_REMEDY, ownersIn } from '../endpoints/plan-zone.ts';
import { targetOf } from '../endpoints/record-switch.ts';
import { switchedZones } from '../endpoints/switched-zones.ts';
import { listZone } from '../resources/route53-reading.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** No record that leads to the primary's load balancers is in the hands of external-dns, which would write it back. */
export const externalDns: Check = {
  id: 'external-dns',
  title: 'external-dns does not own what will be switched',
  async run({ estate, run, clients }) {
    const route53 = await clients.route53();
    const perZone = await Promise.all(
      switchedZones(estate, run.mode).map((zone) =>
        findings(`records of ${zone.name}`, async () => {
          const records = await listZone(route53, zone.id);
          const switching = records
            .filter((record) => leadsToRegion(targetOf(record) ?? '', estate.primary.region))
            .map(({ name }) => name);
          const owned = ownersIn(records);
          const ours = [...new Set(switching)].filter((name) => owned.has(name));
          if (ours.length === 0) return [];
          return [
            {
              severity: 'blocker',
              message: `external-dns (owner ${[...new Set(ours.map((name) => owned.get(name)))].join(', ')}) manages ${ours.length} records of ${zone.name} that would be switched: ${ours.slice(0, 10).join(', ')}.`,
              evidence: `TXT records with heritage=external-dns in ${zone.id}`,
              remedy: EXTERNAL_DNS_REMEDY,
            },
          ];
        }),
      ),
    );
    return perZone.flat();
  },
};
