import { defineContract } from '../contract.ts';
import { logins } from './logins.ts';
import { methods } from './methods.ts';
import { policies } from './policies.ts';
import { roles } from './roles.ts';
import { secrets } from './secrets.ts';
import { openbaoVault, sandboxVault, type VaultSubject } from './subject.ts';

/** OpenBao is a fork of Vault 1.14, and its Kubernetes auth method one of the same plugin: it judges what both have in common. */
export const vault = defineContract<VaultSubject>({
  system: 'Vault',
  sandbox: sandboxVault,
  referees: { openbao: openbaoVault },
  assertions: [...methods, ...roles, ...logins, ...policies, ...secrets],
});
