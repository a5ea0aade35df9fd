import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { Terraform } from '../clients/terraform.ts';
import type { PlanDocument, StackRef, StackRequest } from '../clients/terraform-types.ts';
import { refuseBadVariables } from '../clients/terraform-variables.ts';
import type { Driver, Look, Planned, Write } from '../kit/driver.ts';
import { asEksDrError, EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json } from '../kit/json.ts';
import type { Change, Resource } from '../kit/resource.ts';
import { notApproved, type StackChange } from './terraform/approved.ts';
import { stackOwner } from './terraform/owner.ts';
import { soundTaints } from './terraform/sound-taints.ts';
import { type StackPlan, stackPlanOf, stackState } from './terraform/state.ts';
import { withoutTaints } from './terraform/without-taints.ts';

type Uses = Pick<Clients, 'terraform' | 'eks' | 'log'>;

const id = z.strictObject({ directory: z.string().min(1), stateKey: z.string().min(1), region: z.string().min(1) });

/**
 * A whole Terraform stack as one resource. Its state can't simply be read: what is left to do is what Terraform plans.
 * Desired: `{ variables, untainted }`, or null for a stack that shall not exist; `untainted` are addresses from which the same plan takes
 * the taint beforehand, if any. The other two sides of a change are in the form of `StackState`.
 */
export const terraformStack: Driver<Uses> & {
  resource(
    stack: StackRef,
    desired: { readonly variables: Readonly<Record<string, Json>>; readonly untainted?: readonly string[] } | null,
  ): Resource;
} = {
  kind: 'terraform.stack',
  noun: 'Terraform stack',
  compareAndSwap: { cas: 'yes', by: 'the state lock, and the serial of the state in the plan file' },
  permissions: {
    read: ['s3:ListBucket', 's3:GetObject', 's3:PutObject', 's3:DeleteObject', 'and what the module reads'],
    write: ['what the module creates, changes and deletes'],
  },
  concurrency: 1,
  batch: 1,
  // One look is a whole plan of Terraform, which may take minutes.
  visibleWithinSeconds: 600,

  resource: (stack, desired) => ({ kind: 'terraform.stack', id: { ...stack }, desired: desired as Json }),
  label: (given) => id.parse(given).stateKey,
  group: () => null,

  async plan(clients, resources) {
    return oneByOne(resources, async (resource): Promise<Planned> => {
      const terraform = await clients.terraform();
      const stack = id.parse(resource.id);
      const destroy = resource.desired === null;
      const variables = destroy ? terraform.variables : variablesOf(resource.desired);
      const document = await terraform.plan(stack, { variables, destroy });
      if (!destroy) refuseBadVariables(document, variables);
      refuseUnfinished(document);
      const { before, after } = stackPlanOf(withoutTaints(document, untaintedOf(resource.desired)), variables);
      return { before, after, owner: stackOwner(stack, terraform.runOf(stack), document) };
    });
  },

  async look(clients, changes) {
    return oneByOne(changes, (change) => lookOne(clients, change));
  },

  async write(clients, writes) {
    await oneByOne(writes, (write) => writeOne(clients, write));
  },
};

async function lookOne(clients: Uses, change: Change): Promise<Look> {
  const terraform = await clients.terraform();
  const stack = id.parse(change.id);
  const wanted = changeOf(change);
  const document = await terraform.plan(stack, requestOf(wanted, terraform));
  const { before: now, pending } = stackPlanOf(document, requestOf(wanted, terraform).variables);
  const observed = { state: now, owner: stackOwner(stack, terraform.runOf(stack), document) };
  if (pending.resources.length === 0 && pending.outputs.length === 0) return { at: 'after', now, observed };
  const foreign = await foreignIn(clients, stack, pending, wanted);
  if (foreign.length === 0) return { at: 'before', now, observed };
  clients.log.warn(`Terraform would now do what the plan does not hold: ${listOf(foreign)}`);
  return { at: 'elsewhere', now, observed };
}

async function writeOne(clients: Uses, write: Write): Promise<void> {
  const terraform = await clients.terraform();
  const stack = id.parse(write.id);
  const wanted = changeOf(write);
  try {
    await terraform.apply(stack, requestOf(wanted, terraform), async (document) => {
      const { pending } = stackPlanOf(document, requestOf(wanted, terraform).variables);
      const foreign = await foreignIn(clients, stack, pending, wanted);
      if (foreign.length === 0) return;
      throw new EksDrError('conflict', {
        message: `Terraform would do what was not approved: ${listOf(foreign)}.`,
        target: stack.stateKey,
      });
    });
  } catch (thrown) {
    const error = asEksDrError(thrown);
    if (error.code !== 'program-failed') throw error;
    // An apply may run for half an hour: repeating one that failed for a reason of its own is for a person to decide.
    throw new EksDrError('unhealthy', { message: error.message, target: stack.stateKey, remedy: error.remedy, cause: error });
  }
}

/**
 * What of the things left to do was not approved. Whoever approved a creation did not approve to delete what it has made, and is well: that
 * a wait for it was cut short is no reason. The next plan takes the taint away.
 */
async function foreignIn(clients: Uses, stack: StackRef, pending: StackPlan['pending'], wanted: StackChange): Promise<string[]> {
  const foreign = notApproved(pending, wanted);
  const created = wanted.after?.resources.filter(({ action }) => action === 'create').map(({ address }) => address) ?? [];
  const again = pending.resources.filter(({ tainted, address }) => tainted && created.includes(address)).map(({ address }) => address);
  if (again.length === 0) return foreign;
  const sound = (await soundTaints(clients, stack)).filter(({ address }) => again.includes(address));
  return [...foreign, ...sound.map(({ address, status }) => `replace ${address}, which EKS says is ${status}`)];
}

/** A stack is destroyed with the variables that it was made from: modules need them all the same. */
function requestOf({ before, after }: StackChange, terraform: Pick<Terraform, 'variables'>): StackRequest {
  return { variables: (after ?? before)?.variables ?? terraform.variables, destroy: after === null };
}

function changeOf({ before, after }: Pick<Change, 'before' | 'after'>): StackChange {
  return { before: stackState.nullable().parse(before), after: stackState.nullable().parse(after) };
}

function variablesOf(desired: Json): Readonly<Record<string, Json>> {
  const variables = isJsonObject(desired) ? (desired.variables ?? {}) : {};
  return isJsonObject(variables) ? variables : {};
}

function untaintedOf(desired: Json): readonly string[] {
  const untainted = isJsonObject(desired) ? desired.untainted : undefined;
  return Array.isArray(untainted) ? untainted.map(String) : [];
}

/** Terraform tells in the plan itself when it could not finish it. */
function refuseUnfinished(document: PlanDocument): void {
  if (document.errored) throw new EksDrError('program-failed', { message: 'Terraform could not finish its plan.' });
}

/** Two plans of Terraform at once would only slow each other down. */
async function oneByOne<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function listOf(items: readonly string[]): string {
  return items.length > 10 ? `${items.slice(0, 10).join(', ')} and ${items.length - 10} more` : items.join(', ');
}
