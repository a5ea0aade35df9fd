import { z } from 'zod';
import { awsIdentity } from './checks/aws-identity.ts';
import { eksRoom } from './checks/eks-room.ts';
import { stackChecks } from './checks/terraform.ts';
import type { Clients } from './clients/clients.ts';
import { lockConflict } from './clients/terraform-errors.ts';
import { stackOf } from './clients/terraform-stack-ref.ts';
import type { StackRef } from './clients/terraform-types.ts';
import { EksDrError } from './kit/errors.ts';
import type { Json } from './kit/json.ts';
import type { Resource } from './kit/resource.ts';
import { recoveryClusterName } from './naming.ts';
import { preflight } from './preflight.ts';
import { terraformLock } from './resources/terraform-lock.ts';
import { terraformStack } from './resources/terraform-stack.ts';
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
  drivers: [terraformStack, terraformLock],
  waits: [clusterActive, nodeGroupsActive],
  programs: ['terraform'],
  checks: [awsIdentity, eksRoom, ...stackChecks],

  async describe({ estate, run, clients }) {
    const stack = stackOf(estate, run);
    const ref = { region: stack.region, cluster: recoveryClusterName(estate, run) };
    const { expectedMinutes, limitMinutes } = estate.terraform;
    const { variables } = await clients.terraform();
    return [
      ...(await brokenLock(clients, stack)),
      terraformStack.resource(stack, { variables }),
      // Terraform itself waits for the cluster; what is left is a node group of a stack that was there already.
      [
        clusterActive.for(ref, { expectedSeconds: expectedMinutes * 60, limitSeconds: limitMinutes * 60 }),
        nodeGroupsActive.for(ref, { limitSeconds: limitMinutes * 60 }),
      ],
    ];
  },

  async undo({ estate, run, clients }) {
    const stack = stackOf(estate, run);
    return [...(await brokenLock(clients, stack)), terraformStack.resource(stack, null)];
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

/** The lock of a dead process of this run goes first, as a change to approve; anybody else's is a conflict. */
async function brokenLock(clients: Pick<Clients, 'terraform'>, stack: StackRef): Promise<Resource[]> {
  const terraform = await clients.terraform();
  const held = await terraform.lock(stack);
  if (held === null) return [];
  if (!held.ownDead) throw lockConflict(stack.stateKey, held);
  return [terraformLock.resource({ ...stack, lock: held.id }, null)];
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
