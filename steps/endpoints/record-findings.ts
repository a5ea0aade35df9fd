import type { Route53 } from '../clients/aws.ts';
import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { asBearable } from '../kit/errors.ts';
import type { Finding } from '../kit/step.ts';
import { checksOf, isSwitched } from './health-checks.ts';
import { recordText, slowRecords } from './slow-records.ts';

type NamedFinding = Finding & { readonly check: string };

const SHOWN = 10;

/** What of the production records would make the switch slower than the estate wants. Told in drills too: that is when there is time. */
export async function recordFindings(of: {
  readonly estate: Pick<Estate, 'route53' | 'apiGateway'>;
  readonly clients: Pick<Clients, 'route53'>;
  readonly inventory: Pick<Inventory, 'loadBalancers'>;
}): Promise<NamedFinding[]> {
  const { estate, clients, inventory } = of;
  const { zones, timeToLiveSeconds } = estate.route53;
  if (zones.length === 0) return [];
  const route53 = await clients.route53();
  const [slow, checks] = await Promise.all([slowRecords(route53, estate, inventory.loadBalancers), checkFindings(route53, inventory)]);
  if (slow.length === 0) return checks;
  const longest = Math.max(...slow.map(({ ttl }) => ttl));
  const named = slow.slice(0, SHOWN).map((record) => `${recordText(record)} ${record.ttl} s`);
  const more = slow.length > SHOWN ? ` and ${slow.length - SHOWN} more` : '';
  return [
    {
      check: 'record-ttl',
      severity: 'warning',
      message: `${slow.length} ${slow.length === 1 ? 'record' : 'records'} would lead people to the lost endpoints for up to ${longest} s after the switch; the estate wants ${timeToLiveSeconds} s: ${named.join('; ')}${more}.`,
      evidence: zones.map(({ id }) => id).join(', '),
      remedy: 'Run eks-dr prepare, which lowers them. Those of external-dns take the annotation external-dns.alpha.kubernetes.io/ttl.',
    },
    ...checks,
  ];
}

/** Which health checks a recovery would have to switch, or that nobody may look. */
async function checkFindings(route53: Route53, { loadBalancers }: Pick<Inventory, 'loadBalancers'>): Promise<NamedFinding[]> {
  const about = { check: 'record-health-checks', evidence: 'route53:ListHealthChecks' } as const;
  try {
    const found = await checksOf(
      route53,
      loadBalancers.map(({ dnsName }) => dnsName),
    );
    const checks = found.filter((check) => isSwitched(check, 'recover'));
    if (checks.length === 0) return [];
    const message = `A recovery switches ${checks.length} health ${checks.length === 1 ? 'check' : 'checks'} of Route 53 with the records: ${checks.map(({ id, fqdn }) => `${id} (${fqdn})`).join('; ')}.`;
    return [{ ...about, severity: 'note', message, remedy: 'Nothing. A drill switches those that are tagged eks-dr:scope=drill.' }];
  } catch (thrown) {
    const { message, remedy } = asBearable(thrown);
    const why = `Whether health checks of Route 53 look at what may be lost is not known: ${message}`;
    return [{ ...about, severity: 'warning', message: why, remedy }];
  }
}
