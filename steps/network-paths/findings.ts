import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Run } from '../kit/run.ts';
import type { Finding } from '../kit/step.ts';
import { decidePaths } from './decide.ts';
import { groupsIn } from './groups.ts';

type NamedFinding = Finding & { readonly check: string };

/** Security groups that let the primary in and have no counterpart where the run recovers to. Where the new VPC will be, nobody knows yet. */
export async function networkPathFindings(of: {
  readonly estate: Pick<Estate, 'targets' | 'networkPaths'>;
  readonly run: Pick<Run, 'id' | 'target'>;
  readonly clients: Pick<Clients, 'ec2'>;
  readonly inventory: Pick<Inventory, 'networkPaths'>;
}): Promise<NamedFinding[]> {
  const { estate, run, clients, inventory } = of;
  const region = estate.targets[run.target]?.region;
  const { rules } = inventory.networkPaths;
  if (region === undefined || rules.length === 0) return [];
  const { exclude, regions } = estate.networkPaths;
  const searched = [...new Set([region, ...regions])];
  const groups = (await Promise.all(searched.map(async (each) => groupsIn(await clients.ec2(each), each)))).flat();
  // As if every group of the region could be named.
  const vpcIds = [...new Set(groups.filter((group) => group.region === region).map(({ vpcId }) => vpcId))];
  const peerings = vpcIds.map((vpcId) => ({ id: '', vpcId, region, accountId: '' }));
  const cluster = { cluster: 'the new cluster', region, vpcId: 'the new VPC' };
  const { notes } = decidePaths(rules, { run: { id: run.id, mode: 'recover' }, cluster, groups, peerings, exclude });
  return notes.map(({ about, message, remedy }) => ({
    check: 'security-group-counterparts',
    severity: 'warning' as const,
    message,
    evidence: about,
    remedy,
  }));
}
