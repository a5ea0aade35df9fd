import type { Vault } from '../clients/vault.ts';
import type { Estate } from '../estate/estate.ts';
import type { Finding } from '../kit/step.ts';
import { recoveryClusterName } from '../naming.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** A token that ends sooner does not outlive a recovery. */
const TOKEN_SECONDS = 2 * 3600;

/** Vault answers, is unsealed, and lets our token do what configure-vault does. */
export const vaultAccess: Check = {
  id: 'vault-access',
  title: 'Vault is unsealed and lets us make an auth method',

  async run({ estate, run, clients }) {
    const { vault: settings } = estate;
    if (settings === undefined) return [];
    return findings('configure-vault could not work with Vault.', async () => {
      const vault = await clients.vault();
      const { sealed, initialized, version } = await vault.health();
      if (sealed || !initialized) return [notServing(vault.url, sealed ? 'sealed' : 'not initialised', version)];
      const mount = settings.mount.replaceAll('${cluster}', recoveryClusterName(estate, run));
      return [...(await lifetime(vault)), ...(await missingRights(vault, mount, settings))];
    });
  },
};

function notServing(url: string, how: string, version: string): Finding {
  return {
    severity: 'blocker',
    message: `Vault is ${how}.`,
    evidence: `${url}, version ${version}`,
    remedy: 'Unseal Vault, and see to it that it is unsealed by itself after a restart.',
  };
}

async function lifetime(vault: Vault): Promise<Finding[]> {
  const { ttl } = await vault.self();
  // Without an end: 0.
  if (ttl === 0 || ttl >= TOKEN_SECONDS) return [];
  return [
    {
      severity: 'warning',
      message: `The token for Vault ends in ${Math.round(ttl / 60)} minutes, which may be before the recovery does.`,
      evidence: 'auth/token/lookup-self',
      remedy: 'Use a token that lives for two hours at least, or an AppRole: each step logs in by it anew.',
    },
  ];
}

async function missingRights(vault: Vault, mount: string, { primaryMount }: NonNullable<Estate['vault']>): Promise<Finding[]> {
  const role = `auth/${mount}/role/any`;
  const needed: Readonly<Record<string, readonly string[]>> = {
    'sys/auth': ['read'],
    [`sys/auth/${mount}`]: ['sudo'],
    [`sys/auth/${mount}/tune`]: ['update', 'sudo'],
    [`auth/${mount}/config`]: ['read', 'update'],
    [`auth/${mount}/role/`]: ['list'],
    [role]: ['create', 'read', 'update'],
    [`auth/${primaryMount}/role/`]: ['list'],
    [`auth/${primaryMount}/role/any`]: ['read'],
  };
  const given = await vault.capabilities(Object.keys(needed));
  const missing = Object.entries(needed).flatMap(([path, wanted]) => {
    const has = given[path] ?? [];
    const lacking = has.includes('root') ? [] : wanted.filter((one) => !has.includes(one));
    return lacking.length === 0 ? [] : [`${lacking.join(', ')} on ${path}`];
  });
  if (missing.length === 0) return [];
  return [
    {
      severity: 'blocker',
      message: 'The token for Vault may not do what configure-vault does.',
      evidence: `missing: ${missing.join('; ')}`,
      remedy: 'Give its policies these capabilities; docs/runbooks/night.md has a whole policy.',
    },
  ];
}
