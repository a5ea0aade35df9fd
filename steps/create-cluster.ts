import * as z from 'zod';
import { awsIdentity } from './checks/aws-identity.ts';
import { eksRoom } from './checks/eks-room.ts';
import { forgottenDrills } from './checks/forgotten-drills.ts';
import { stackChecks } from './checks/terraform.ts';
import type { Clients, ClusterRef } from './clients/clients.ts';
import type { Terraform } from './clients/terraform.ts';
import { lockConflict } from './clients/terraform-errors.ts';
import { stackOf } from './clients/terraform-stack-ref.ts';
import type { LockHolder, StackRef } from './clients/terraform-types.ts';
import type { Clock } from './kit/clock.ts';
import { EksDrError } from './kit/errors.ts';
import type { Json } from './kit/json.ts';
import type { Log } from './kit/log.ts';
import type { Resource } from './kit/resource.ts';
import { clusterProfiles, deletionOf, findLeftovers, leftoverDrivers } from './leftovers/find-leftovers.ts';
import { recoveryClusterName } from './naming.ts';
import { preflight } from './preflight.ts';
import { soundTaints } from './resources/terraform/sound-taints.ts';
import { terraformLock } from './resources/terraform-lock.ts';
import { terraformStack } from './resources/terraform-stack.ts';
import { terraformTaint } from './resources/terraform-taint.ts';
import { defineStep } from './step.ts';
import { clusterActive } from './waits/cluster-active.ts';
import { nodeGroupsActive } from './waits/node-groups-active.ts';

const json = z.json() as unknown as z.ZodType<Json>;

export const createCluster = defineStep({
  id: 'create-cluster',
  title: 'Create the cluster',
  needs: {},
  after: [preflight],
  reads: ['name', 'targets', 'terraform'],
  outputs: z.object({
    cluster: z.string(),
    region: z.string(),
    accountId: z.string(),
    /** The outputs of the module, sensitive ones left out. */
    values: z.record(z.string(), json),
  }),
  drivers: [terraformStack, terraformLock, terraformTaint, ...leftoverDrivers],
  waits: [clusterActive, nodeGroupsActive],
  programs: ['terraform'],
  checks: [awsIdentity, eksRoom, forgottenDrills, ...stackChecks],

  async describe({ estate, run, clients, clock, log, signal }) {
    const stack = stackOf(estate, run);
    const ref = { region: stack.region, cluster: recoveryClusterName(estate, run) };
    const { expectedMinutes, limitMinutes } = estate.terraform;
    const terraform = await clients.terraform();
    const limits = { limitSeconds: limitMinutes * 60 };
    const active = {
      cluster: clusterActive.for(ref, { ...limits, expectedSeconds: expectedMinutes * 60 }),
      'node group': nodeGroupsActive.for(ref, limits),
    };
    const held = await settledLock(terraform, stack, { clock, log, signal, ...limits });
    const taints = await soundTaints(clients, stack);
    for (const { address, status } of taints)
      log.info(`to be untainted: ${address}; EKS says it is ${status}, and without this Terraform would replace it`);
    return [
      ...brokenLock(stack, held),
      // First it must have become what it was to be: one that fails after all keeps its taint, and the next plan replaces it.
      ...taints.map(({ what }) => active[what]).filter((wait, index, waits) => waits.indexOf(wait) === index),
      taints.map(({ address }) => terraformTaint.resource({ ...stack, address }, { tainted: false })),
      terraformStack.resource(stack, { variables: terraform.variables, untainted: taints.map(({ address }) => address) }),
      // Terraform itself waits for the cluster; what is left is a node group of a stack that was there already.
      [active.cluster, active['node group']],
    ];
  },

  async undo({ estate, run, clients, clock, log, signal }) {
    const stack = stackOf(estate, run);
    const limitSeconds = estate.terraform.limitMinutes * 60;
    const held = await settledLock(await clients.terraform(), stack, { clock, log, signal, limitSeconds });
    const ref = { region: stack.region, cluster: recoveryClusterName(estate, run) };
    // Nobody else deletes them, and the network can't go while they use it.
    const leftovers = run.clusterGone === undefined ? [] : await leftoversOf(clients, ref, run.id);
    return [...brokenLock(stack, held), ...leftovers, terraformStack.resource(stack, null)];
  },

  async finish({ estate, run, clients }) {
    const stack = stackOf(estate, run);
    const outputs = await (await clients.terraform()).outputs(stack);
    const cluster = recoveryClusterName(estate, run);
    const name = estate.terraform.outputs.clusterName;
    if (outputs[name]?.value !== cluster) {
      const found = outputs[name] === undefined ? 'there is none' : `it is ${JSON.stringify(outputs[name].value)}`;
      throw new EksDrError('input-invalid', {
        message: `The Terraform output ${name} should be the name of the new cluster, ${cluster}, but ${found}.`,
        target: 'terraform.outputs.clusterName',
        remedy: 'Make the module name the cluster by its variable and give the name back as an output; or name that output in the estate.',
      });
    }
    return { cluster, region: stack.region, accountId: await accountOf(clients, stack.region, cluster), values: clear(outputs) };
  },
});

const LOOK_SECONDS = 5;

/** The lock of the state, once no Terraform of this run is at work any more: one outlives the step that started it, to save what it made. */
async function settledLock(
  terraform: Pick<Terraform, 'lock'>,
  stack: StackRef,
  options: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal; readonly limitSeconds: number },
): Promise<LockHolder | null> {
  const { clock, log, signal, limitSeconds } = options;
  const deadline = clock.now() + limitSeconds * 1000;
  for (let looks = 1; ; looks += 1) {
    const held = await terraform.lock(stack);
    if (held?.holder !== 'own-alive' || clock.now() >= deadline) return held;
    if (looks === 1) log.info('waiting: a Terraform that an earlier start of this step left behind is still at work');
    await clock.sleep(LOOK_SECONDS, signal);
  }
}

/** The lock of a dead process of this run goes first, as a change to approve; anybody else's is a conflict. */
function brokenLock(stack: StackRef, held: LockHolder | null): Resource[] {
  if (held === null) return [];
  if (held.holder !== 'own-dead') throw lockConflict(stack.stateKey, held);
  return [terraformLock.resource({ ...stack, lock: held.id }, null)];
}

async function leftoversOf(clients: Clients, ref: ClusterRef, run: string): Promise<Resource[][]> {
  const [leftovers, profiles] = await Promise.all([findLeftovers(clients, ref), clusterProfiles(clients, ref.cluster)]);
  return deletionOf(leftovers, profiles, ref, run);
}

/** From the cluster's ARN: where it really is, whatever the estate says. */
async function accountOf(clients: Pick<Clients, 'eks'>, region: string, name: string): Promise<string> {
  const { cluster } = await (await clients.eks(region)).describeCluster({ name });
  const account = cluster?.arn?.split(':')[4];
  if (account !== undefined) return account;
  throw new EksDrError('remote-answer-invalid', { message: `DescribeCluster gave no ARN for ${name}.`, target: name });
}

function clear(outputs: Readonly<Record<string, { readonly value: Json; readonly sensitive: boolean }>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, { sensitive }]) => !sensitive)
      .map(([name, { value }]) => [name, value]),
  );
}
