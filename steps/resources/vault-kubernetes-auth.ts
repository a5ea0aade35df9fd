import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, eachId, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { secretField } from '../kit/secrets.ts';
import { describeMark, mountOwner, readMark } from '../vault/run-mark.ts';

const id = z.strictObject({ mount: z.string().min(1) });

const state = z.strictObject({
  run: z.string().nullable(),
  /** The address of the cluster's API server. */
  host: z.string(),
  /** PEM. */
  ca: z.string(),
  /** The token by which Vault asks the cluster whether others are real. */
  reviewer: secretField,
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type C = Pick<Clients, 'vault' | 'secrets'>;

const NO_TOKEN = { ref: null, mac: '' };

/**
 * A Kubernetes auth method of Vault with its configuration; deleted with its roles. Vault never gives the reviewer's token back, so the
 * description of the method carries its MAC, written last: what was cut short reads as different.
 */
export const vaultKubernetesAuth = defineDriver<Id, State, C>({
  kind: 'vault.kubernetes-auth',
  noun: 'Kubernetes auth method of Vault',
  compareAndSwap: { cas: 'no', window: 'between the last look and the write, well below a second; enabling one that exists is refused' },
  permissions: {
    read: ['vault: read sys/auth', 'vault: read auth/<mount>/config'],
    write: [
      'vault: create, update, delete and sudo on sys/auth/<mount>',
      'vault: update sys/auth/<mount>/tune',
      'vault: update auth/<mount>/config',
    ],
  },
  concurrency: 1,
  visibleWithinSeconds: 30,
  id,
  state,
  label: ({ mount }) => `auth/${mount}`,
  canonical: ({ ca, ...others }) => ({ ...others, ca: ca.trim() }),
  halfWritten: (now, { before, after }) => fieldByField(now, { before: before ?? enabledBy(after), after }),
  read: eachId(readOne),
  write: single(writeOne),
});

async function readOne(clients: C, { mount }: Id): Promise<Observed<State>> {
  const vault = await clients.vault();
  const found = await vault.authMount(mount);
  const owner = mountOwner(mount, found);
  if (found === null) return { state: null, owner };
  const config = found.type === 'kubernetes' ? await vault.kubernetesConfig(mount) : null;
  const mark = readMark(found.description);
  return {
    state: {
      run: mark?.run ?? null,
      host: config?.kubernetes_host ?? '',
      ca: (config?.kubernetes_ca_cert ?? '').trim(),
      reviewer: { ...NO_TOKEN, mac: mark?.reviewer ?? '' },
    },
    owner,
  };
}

async function writeOne(clients: C, { id: { mount }, after, observed }: Write<Id, State>): Promise<void> {
  const vault = await clients.vault();
  if (after === null) return vault.disableAuth(mount);
  const run = after.run ?? '';
  if (after.reviewer.ref === null) throw unknownToken(mount);
  const jwt = await clients.secrets.value(after.reviewer.ref);
  if (observed.state === null) await vault.enableKubernetesAuth(mount, describeMark({ run, reviewer: null }));
  await vault.writeKubernetesConfig(mount, {
    kubernetes_host: after.host,
    kubernetes_ca_cert: after.ca,
    // Vault runs elsewhere: what lies in its own pod, if it has one, is of another cluster.
    disable_local_ca_jwt: true,
    token_reviewer_jwt: jwt,
  });
  await vault.describeAuth(mount, describeMark({ run, reviewer: clients.secrets.mac(jwt) }));
}

/** What the first of the three requests makes. */
function enabledBy(after: State | null): State {
  return { run: after?.run ?? null, host: '', ca: '', reviewer: NO_TOKEN };
}

function unknownToken(mount: string): EksDrError {
  return new EksDrError('environment-missing', {
    message: `The reviewer's token of auth/${mount} is not known here, so its configuration can't be written.`,
    target: `auth/${mount}`,
    remedy: 'Plan configure-vault again: it takes the token from the new cluster.',
  });
}
