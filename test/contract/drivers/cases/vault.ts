import type { VaultKubernetesRole } from '../../../../steps/clients/vault-shapes.ts';
import { vaultKubernetesAuth } from '../../../../steps/resources/vault-kubernetes-auth.ts';
import { vaultKubernetesRole } from '../../../../steps/resources/vault-kubernetes-role.ts';
import { unique } from '../../unique.ts';
import { STRANGER } from '../../vault/stranger.ts';
import type { LawCase } from './case.ts';

const method: LawCase = {
  driver: vaultKubernetesAuth,
  referees: ['openbao'],
  async arrange({ clients, run }) {
    const [one, two] = [await clients.secrets.field('env:JWT_ONE'), await clients.secrets.field('env:JWT_TWO')];
    const state = { run, host: 'https://one.example.com', ca: STRANGER.trim(), reviewer: one };
    return [
      {
        id: { mount: `kubernetes-shop-${unique('law')}` },
        states: [
          {
            desired: state,
            spellings: [
              { ...state, ca: `${STRANGER}\n` },
              { ...state, reviewer: { ...one, ref: null } },
            ],
          },
          { desired: { ...state, host: 'https://two.example.com' } },
          { desired: { ...state, reviewer: two } },
          { desired: state },
        ],
      },
    ];
  },
};

const blank: VaultKubernetesRole = {
  bound_service_account_names: ['app'],
  bound_service_account_namespaces: ['shop'],
  bound_service_account_namespace_selector: '',
  audience: 'vault',
  alias_name_source: 'serviceaccount_uid',
  token_bound_cidrs: [],
  token_explicit_max_ttl: 0,
  token_max_ttl: 0,
  token_no_default_policy: false,
  token_num_uses: 0,
  token_period: 0,
  token_policies: [],
  token_ttl: 0,
  token_type: 'default',
};

const role: LawCase = {
  driver: vaultKubernetesRole,
  referees: ['openbao'],
  async arrange({ clients, run }) {
    const mount = `kubernetes-shop-${unique('law')}`;
    await (await clients.vault()).enableKubernetesAuth(mount, `eks-dr run=${run}`);
    const several = {
      ...blank,
      bound_service_account_names: ['app', 'job'],
      token_policies: ['a', 'b'],
      token_ttl: 600,
      token_max_ttl: 3600,
    };
    return [
      {
        id: { mount, role: 'cart-api' },
        states: [
          {
            desired: blank,
            spellings: [{ bound_service_account_names: ['app'], bound_service_account_namespaces: ['shop'], audience: 'vault' }],
          },
          { desired: several, spellings: [{ ...several, token_policies: ['b', 'a', 'b'], bound_service_account_names: ['job', 'app'] }] },
          { desired: { ...blank, audience: '', bound_service_account_namespace_selector: '{"matchLabels":{"team":"web"}}' } },
          { desired: { ...blank, alias_name_source: 'serviceaccount_name', token_no_default_policy: true, token_type: 'batch' } },
        ],
      },
      // Vault keeps its name in lower case.
      { id: { mount, role: 'Order-API' }, states: [{ desired: blank }] },
    ];
  },
};

export const vaultCases: readonly LawCase[] = [method, role];
