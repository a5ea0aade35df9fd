import type { Check } from '../step.ts';

/** Policies that name the accessor of the primary's auth method grant nothing by a new one. */
export const vaultPolicies: Check = {
  id: 'vault-policies',
  title: 'No policy of Vault is tied to the auth method of the primary',

  async run({ estate, clients }) {
    if (estate.vault === undefined) return [];
    const { vault } = await import('../inventory/parts/vault.ts');
    const found = await vault.read(clients, estate).catch(() => null);
    // That it can't be read is the inventory's to tell.
    if (found === null) return [];
    const { policiesWithAccessor: names, mount, accessor } = found;
    if (names === null) {
      return [
        {
          severity: 'note',
          message: 'Whether policies of Vault are tied to the auth method of the primary is not known.',
          evidence: 'The token may not list and read sys/policies/acl.',
          remedy: 'Let it list and read them, or look for the accessor yourself.',
        },
      ];
    }
    if (names.length === 0) return [];
    return [
      {
        severity: 'warning',
        message: `${names.length} policies of Vault are tied to the auth method of the primary; what they grant, services of a recovered cluster do not get.`,
        evidence: `${accessor} (auth/${mount}) in: ${names.join(', ')}`,
        remedy:
          'Write such rules without an accessor: by role, or by a claim that both methods give. Else mend them after configure-vault.',
      },
    ];
  },
};
