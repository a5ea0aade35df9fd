import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Finding } from '../kit/step.ts';
import { recordText, slowRecords } from './slow-records.ts';

type NamedFinding = Finding & { readonly check: string };

const SHOWN = 10;

/** What of the production records would make the switch slower than the estate wants. Told in drills too: that is when there is time. */
export async function recordFindings(of: {
  readonly estate: Pick<Estate, 'route53'>;
  readonly clients: Pick<Clients, 'route53'>;
  readonly inventory: Pick<Inventory, 'loadBalancers'>;
}): Promise<NamedFinding[]> {
  const { estate, clients, inventory } = of;
  const { zones, timeToLiveSeconds } = estate.route53;
  if (zones.length === 0) return [];
  const slow = await slowRecords(await clients.route53(), estate.route53, inventory.loadBalancers);
  if (slow.length === 0) return [];
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
  ];
}
