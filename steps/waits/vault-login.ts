import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { EksDrError } from '../kit/errors.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs } from './cluster-args.ts';

const args = clusterArgs.extend({
  mount: z.string(),
  role: z.string(),
  namespace: z.string(),
  serviceAccount: z.string(),
  /** What the role asks of a token; '' for nothing. */
  audience: z.string(),
});

/** The shortest life that the API server gives a token. */
const TOKEN_SECONDS = 600;

// A performance standby of Vault, and the grant of the reviewer in the cluster, may lag behind by moments.
const REFUSED_FOR_GOOD_SECONDS = 60;

/** A service account of the new cluster logs in to Vault: address, CA and reviewer of the auth method are right. Its token is revoked at once. */
export const vaultLogin = defineWait<z.infer<typeof args>, Pick<Clients, 'kubernetes' | 'vault'>>({
  wait: 'vault-login',
  args,
  title: ({ mount, role, namespace, serviceAccount }) => `${namespace}/${serviceAccount} logs in to Vault at auth/${mount} as ${role}`,
  expectedSeconds: 2,
  limitSeconds: 180,
  everySeconds: 5,

  async look(clients, { region, cluster, mount, role, namespace, serviceAccount, audience }, waitedSeconds) {
    const kubernetes = await clients.kubernetes({ region, cluster });
    const vault = await clients.vault();
    const jwt = await kubernetes.serviceAccountToken(
      { namespace, name: serviceAccount },
      { expirationSeconds: TOKEN_SECONDS, ...(audience === '' ? {} : { audiences: [audience] }) },
    );
    if (jwt === null) return { done: false, reason: `there is no service account ${namespace}/${serviceAccount} on ${cluster}` };
    try {
      await vault.proveKubernetesLogin(mount, role, jwt);
      return { done: true };
    } catch (thrown) {
      const isRefused = thrown instanceof EksDrError && (thrown.code === 'permission-denied' || thrown.code === 'remote-refused');
      if (!isRefused) throw thrown;
      const hint = 'Vault must reach the address of the API server, and its reviewer must be valid there';
      return { done: false, reason: `${thrown.message} ${hint}`, failed: waitedSeconds >= REFUSED_FOR_GOOD_SECONDS };
    }
  },
});
