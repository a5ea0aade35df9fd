import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, eachId, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';

type Uses = Pick<Clients, 'terraform'>;

const id = z.strictObject({
  directory: z.string().min(1),
  stateKey: z.string().min(1),
  region: z.string().min(1),
  /** Terraform's id of the lock: exactly this one is broken, never one that was taken since. */
  lock: z.string().min(1),
});

const state = z.strictObject({ who: z.string(), operation: z.string(), created: z.string() });

/** The state lock that a dead process of this run left behind. Desired is always null: it shall not exist. */
export const terraformLock = defineDriver<z.infer<typeof id>, z.infer<typeof state>, Uses>({
  kind: 'terraform.lock',
  noun: 'Terraform state lock',
  compareAndSwap: { cas: 'yes', by: 'the id of the lock' },
  permissions: { read: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], write: ['s3:DeleteObject'] },
  concurrency: 1,
  id,
  state,
  label: ({ lock, stateKey }) => `${lock} on ${stateKey}`,
  read: eachId(async ({ terraform }, { lock, ...stack }) => {
    const client = await terraform();
    const held = await client.lock(stack);
    const run = client.runOf(stack);
    if (held === null || held.id !== lock) return { state: null, owner: run === null ? { kind: 'nobody' } : { kind: 'run', run } };
    const { who, operation, created, holder } = held;
    const own = run !== null && holder === 'own-dead';
    return { state: { who, operation, created }, owner: own ? { kind: 'run', run } : { kind: 'other', detail: `it is held by ${who}` } };
  }),
  write: single(async ({ terraform }, { id: { lock, ...stack }, after }) => {
    if (after !== null) throw new EksDrError('bug', { message: 'A state lock can only be broken, never made.' });
    await (await terraform()).unlock(stack, lock);
  }),
});
