import * as z from 'zod';
import { partitionOf } from './clients/aws.ts';
import type { Clients } from './clients/clients.ts';
import type { Estate } from './estate/estate.ts';
import type { Inventory } from './inventory/inventory.ts';
import { EksDrError } from './kit/errors.ts';
import type { Run } from './kit/run.ts';
import { recoveryClusterName } from './naming.ts';
import { controllerRoles, type PreparedRole } from './preparation/controller-roles.ts';
import { kept } from './preparation/kept.ts';
import { PREPARED_SID, type WorkloadRoles, workloadRoles } from './preparation/workload-roles.ts';
import { iamPolicy } from './resources/iam-policy.ts';
import { iamRole } from './resources/iam-role.ts';
import { rolePolicyDrivers } from './resources/iam-role-policies.ts';
import { iamTrustStatement } from './resources/iam-trust-statement.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { podStatement } from './workload-identity/pod-trust.ts';
import { accountOf, readRoles, trustLimit } from './workload-identity/role-facts.ts';
import { wantedAccounts } from './workload-identity/wanted-accounts.ts';

const leftRole = z.object({ roleArn: z.string(), reason: z.string(), remedy: z.string() });

/**
 * What a recovery would write to IAM, whose control plane is in one region alone, is written ahead of time: AWS advises against such
 * writes on the night.
 */
export const prepareRoles = defineStep({
  id: 'prepare-roles',
  title: 'Prepare the IAM roles that a recovery needs',
  needs: { inventory: takeInventory },
  reads: ['name', 'targets', 'addons', 'workloadIdentity'],
  outputs: z.object({
    /** The roles of add-ons, by the field of the estate that is to name them. */
    addons: z.array(z.object({ field: z.string(), roleArn: z.string() })),
    /** How many roles of service accounts were prepared, and how many were by themselves. */
    workloads: z.object({ prepared: z.number(), already: z.number(), left: z.array(leftRole) }),
    /** What to put into the estate, so that a recovery goes by what is prepared: its parts `addons` and `workloadIdentity`. */
    estate: z.record(z.string(), z.record(z.string(), z.unknown())),
  }),
  modes: ['prepare'],
  drivers: [iamPolicy, iamRole, ...rolePolicyDrivers, iamTrustStatement],
  waits: [],
  checks: [],

  async describe({ estate, run, clients, log, needs: { inventory } }) {
    const { addons, workloads } = await preparation({ estate, run, clients, inventory });
    tellWhatCannot(estate, log.warn);
    for (const { roleArn, reason, remedy } of workloads.left) log.warn(`The role ${roleArn} can't be prepared: ${reason} -> ${remedy}`);
    const depth = Math.max(0, ...addons.map(({ resources }) => resources.length));
    const waves = Array.from({ length: depth }, (_, index) => addons.flatMap(({ resources }) => resources[index] ?? []));
    const statements = workloads.prepared.map((role) =>
      iamTrustStatement.resource({ role, sid: PREPARED_SID }, { statement: podStatement }),
    );
    return [...(await Promise.all(waves.map((wave) => kept(clients, wave)))), statements];
  },

  async finish({ estate, run, clients, needs: { inventory } }) {
    const { addons, workloads, byAnnotation } = await preparation({ estate, run, clients, inventory });
    return {
      addons: addons.map(({ field, roleArn }) => ({ field: `addons.${field}`, roleArn })),
      workloads: { prepared: workloads.prepared.length, already: workloads.already, left: [...workloads.left] },
      estate: estateLines(estate.addons, { addons, byAnnotation }),
    };
  },
});

interface Preparation {
  readonly addons: readonly PreparedRole[];
  readonly workloads: WorkloadRoles;
  /** Whether the estate lets accounts come to prepared roles by the annotations of their manifests. */
  readonly byAnnotation: boolean;
}

async function preparation(of: {
  readonly estate: Pick<Estate, 'name' | 'targets' | 'addons' | 'workloadIdentity'>;
  readonly run: Pick<Run, 'id' | 'target'>;
  readonly clients: Pick<Clients, 'iam'>;
  readonly inventory: Pick<Inventory, 'identities'>;
}): Promise<Preparation> {
  const { estate, run, clients, inventory } = of;
  const target = estate.targets[run.target];
  if (target === undefined)
    throw new EksDrError('input-invalid', { message: `The estate has no target "${run.target}".`, target: 'targets' });
  const { region, accountId } = target;
  const addons = await controllerRoles({ estate, target: run.target, region, accountId, run: run.id });
  // By irsa, a role would have to trust the issuer of a cluster that does not exist yet.
  const accounts = estate.workloadIdentity.method === 'irsa' ? [] : wantedAccounts(inventory.identities, estate);
  const cluster = recoveryClusterName(estate, { id: run.id.replace(/^prepare/, 'recover') });
  const iam = await clients.iam();
  const own = accounts.map(({ roleArn }) => roleArn).filter((arn) => accountOf(arn) === accountId);
  const [roles, limit] = await Promise.all([readRoles(iam, own), trustLimit(iam)]);
  const workloads = workloadRoles(accounts, {
    cluster: { cluster, region, accountId, partition: partitionOf(region) },
    roles,
    trustLimit: limit,
  });
  const isLeft = (arn: string): boolean => workloads.left.some(({ roleArn }) => roleArn === arn);
  return { addons, workloads, byAnnotation: accounts.some(({ means, roleArn }) => means === 'trust' && !isLeft(roleArn)) };
}

function tellWhatCannot(
  { addons, workloadIdentity, targets }: Pick<Estate, 'addons' | 'workloadIdentity' | 'targets'>,
  warn: (text: string) => void,
) {
  const byIrsa = [
    ...(['loadBalancerController', 'karpenter'] as const)
      .filter((name) => addons[name]?.identity === 'irsa')
      .map((name) => `addons.${name}.identity`),
    ...(workloadIdentity.method === 'irsa' ? ['workloadIdentity.method'] : []),
  ];
  for (const field of byIrsa) {
    warn(
      `${field} is irsa: such a role trusts the issuer of its cluster, which is known on the night alone -> Choose pod-identity to prepare it.`,
    );
  }
  if (Object.keys(targets).length > 1) {
    warn(
      'The estate has several targets, but names one role for each add-on: what is prepared for Karpenter is good in the region of this target.',
    );
  }
}

/** Only what the estate does not say yet. */
function estateLines(
  settings: Estate['addons'],
  { addons, byAnnotation }: Pick<Preparation, 'addons' | 'byAnnotation'>,
): Record<string, Record<string, unknown>> {
  const lines: Record<string, Record<string, string>> = {};
  for (const { field, roleArn } of addons) {
    const [addon, name] = field.split('.') as ['karpenter', 'roleArn' | 'nodeRoleArn'];
    if (settings[addon]?.[name] === roleArn) continue;
    lines[addon] = { ...lines[addon], [name]: roleArn };
  }
  return {
    ...(Object.keys(lines).length === 0 ? {} : { addons: lines }),
    ...(byAnnotation ? { workloadIdentity: { method: 'pod-identity' } } : {}),
  };
}
