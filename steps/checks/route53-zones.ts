import type { Route53 } from '../clients/aws.ts';
import { plainName } from '../endpoints/host-name.ts';
import { switchedZones } from '../endpoints/switched-zones.ts';
import type { HostedZone } from '../estate/policy.ts';
import { DRILL_SCOPE } from '../kit/guard.ts';
import type { Finding } from '../kit/step.ts';
import { SCOPE_TAG } from '../naming.ts';
import { zoneOwner } from '../resources/route53-record.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The zones that this run will switch exist under these names; those of a drill are marked for drills. */
export const route53Zones: Check = {
  id: 'route53-zones',
  title: 'Hosted zones exist and may be changed',
  async run({ estate, run, clients }) {
    const route53 = await clients.route53();
    const zones = switchedZones(estate, run.mode);
    return (
      await Promise.all(zones.map((zone) => findings(`hosted zone ${zone.id}`, () => look(route53, zone, run.mode === 'drill'))))
    ).flat();
  },
};

async function look(route53: Route53, zone: HostedZone, drill: boolean): Promise<readonly Finding[]> {
  const { HostedZone: found } = await route53.getHostedZone({ Id: zone.id });
  const name = plainName(found?.Name ?? '');
  if (name !== zone.name) {
    return [
      {
        severity: 'blocker',
        message: `The hosted zone ${zone.id} is ${name}, but the estate calls it ${zone.name}.`,
        evidence: `route53:GetHostedZone ${zone.id}`,
        remedy: 'Correct the id or the name of the zone in the estate.',
      },
    ];
  }
  if (!drill) return [];
  const owner = await zoneOwner(route53, zone.id);
  if (owner.kind === 'drill-scope' && owner.scope === DRILL_SCOPE) return [];
  return [
    {
      severity: 'blocker',
      message: `The drill zone ${zone.name} (${zone.id}) is not marked for drills.`,
      evidence: `it has no tag ${SCOPE_TAG}=${DRILL_SCOPE}`,
      remedy: `If nothing in production uses this zone, tag it ${SCOPE_TAG}=${DRILL_SCOPE}; else name another zone in drill.zones.`,
    },
  ];
}
