import type { Inventory } from '../inventory/inventory.ts';
import type { PathNote } from './decide.ts';

/** What others know the primary's network by, and no rule of ours mends: its addresses outside, and its peerings. */
export function vpcNotes(
  { natAddresses: old, peerings, vpcId }: Pick<Inventory['networkPaths'], 'natAddresses' | 'peerings' | 'vpcId'>,
  cluster: {
    readonly cluster: string;
    readonly vpcId: string;
    readonly natAddresses: readonly string[];
    readonly peered: readonly string[];
  },
): PathNote[] {
  if (cluster.vpcId === vpcId) return [];
  const now = cluster.natAddresses.length === 0 ? 'none by NAT gateways of its VPC' : cluster.natAddresses.join(', ');
  const addresses: PathNote[] =
    old.length === 0
      ? []
      : [
          {
            about: old.join(', '),
            message: `Partners who let the primary in by its addresses (${old.join(', ')}) do not know those of ${cluster.cluster} (${now}).`,
            remedy:
              'Tell the partners with allow-lists the new addresses; for the next time, reserve addresses for the recovery VPC and have them allowed beforehand.',
          },
        ];
  const missing = peerings.filter((peering) => !cluster.peered.includes(peering.vpcId));
  return [
    ...addresses,
    ...missing.map((peering) => ({
      about: peering.vpcId,
      message: `The VPC of the primary is peered with ${peering.vpcId} of account ${peering.accountId}${peering.region === '' ? '' : ` in ${peering.region}`} (${peering.id}); that of ${cluster.cluster} is not.`,
      remedy: `If the services need it, peer ${cluster.vpcId} with ${peering.vpcId}, with routes both ways (best in the Terraform module).`,
    })),
  ];
}
