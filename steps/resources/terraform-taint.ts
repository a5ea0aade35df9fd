import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Owner } from '../kit/resource.ts';
import { runTagOf } from './terraform/owner.ts';

type Uses = Pick<Clients, 'terraform'>;

const id = z.strictObject({
  directory: z.string().min(1),
  stateKey: z.string().min(1),
  region: z.string().min(1),
  /** Of the object in the state, with its index. */
  address: z.string().min(1),
});

const state = z.strictObject({ tainted: z.boolean() });

/** The mark in a Terraform state that has an object made anew; null: the state has no such object. It can be taken away alone. */
export const terraformTaint = defineDriver<z.infer<typeof id>, z.infer<typeof state>, Uses>({
  kind: 'terraform.taint',
  noun: 'Terraform taint',
  compareAndSwap: { cas: 'yes', by: 'the state lock: what is not tainted any more can not be untainted' },
  permissions: { read: ['s3:GetObject'], write: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'] },
  concurrency: 1,
  id,
  state,
  label: ({ address, stateKey }) => `${address} (with it, Terraform would replace it) in ${stateKey}`,
  async read({ terraform }, ids) {
    const client = await terraform();
    return Promise.all(
      ids.map(async ({ address, ...stack }) => {
        const held = (await client.resources(stack)).find((resource) => resource.address === address);
        const run = client.runOf(stack);
        const owner: Owner =
          run === null ? { kind: 'other', detail: `its state, ${stack.stateKey}, is not the one of this run` } : { kind: 'run', run };
        if (held === undefined) return { state: null, owner: run === null ? owner : { kind: 'nobody' } };
        const tagged = runTagOf(held.values);
        const others = run !== null && tagged !== null && tagged !== run;
        return {
          state: { tainted: held.tainted },
          owner: others ? { kind: 'other', detail: `${address} carries the tag of run ${tagged}` } : owner,
        };
      }),
    );
  },
  write: single(async ({ terraform }, { id: { address, ...stack }, after }) => {
    if (after === null || after.tainted) throw new EksDrError('bug', { message: 'A taint can only be taken away, never given.' });
    await (await terraform()).untaint(stack, address);
  }),
});
