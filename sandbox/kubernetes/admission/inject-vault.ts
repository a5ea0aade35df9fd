import { at, type Fields, isFields, type KubeObject, listAt, textAt } from '../object.ts';
import { all, type Context } from '../store.ts';

const PREFIX = 'vault.hashicorp.com/';
// What the injector gives its containers unless annotations say otherwise.
const RESOURCES = { requests: { cpu: '250m', memory: '64Mi' }, limits: { cpu: '500m', memory: '128Mi' } };

/** What the injector of vault-k8s makes of an annotated pod: an init container that fetches its secrets, a sidecar that renews them. */
export function injectVault({ cluster }: Context, pod: KubeObject): KubeObject {
  const annotations = pod.metadata.annotations ?? {};
  if (annotations[`${PREFIX}agent-inject`] !== 'true' || annotations[`${PREFIX}agent-inject-status`] === 'injected') return pod;
  const settings = environmentOf(all(cluster, 'apps/deployments').find(isInjector));
  const agent = (name: string): Fields => ({
    name,
    image: 'hashicorp/vault:2.0.4',
    resources: RESOURCES,
    env: [
      { name: 'VAULT_ADDR', value: settings.AGENT_INJECT_VAULT_ADDR ?? '' },
      { name: 'VAULT_AUTH_PATH', value: annotations[`${PREFIX}auth-path`] ?? settings.AGENT_INJECT_VAULT_AUTH_PATH ?? '' },
      { name: 'VAULT_ROLE', value: annotations[`${PREFIX}role`] ?? '' },
    ],
  });
  const spec = isFields(pod.spec) ? pod.spec : {};
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...annotations, [`${PREFIX}agent-inject-status`]: 'injected' } },
    spec: {
      ...spec,
      initContainers: [...listAt(spec, 'initContainers'), agent('vault-agent-init')],
      containers: [...listAt(spec, 'containers'), agent('vault-agent')],
    },
  };
}

export function isInjector(deployment: KubeObject): boolean {
  return listAt(deployment, 'spec', 'template', 'spec', 'containers').some((container) => textAt(container, 'name') === 'sidecar-injector');
}

function environmentOf(deployment: KubeObject | undefined): Readonly<Record<string, string>> {
  const [container] = listAt(deployment, 'spec', 'template', 'spec', 'containers');
  return Object.fromEntries(listAt(container, 'env').map((entry) => [String(at(entry, 'name')), String(at(entry, 'value') ?? '')]));
}

/** Why the agent of a pod gets no secrets from Vault; null when it does, or has none to get. */
export function vaultProblem({ world }: Context, pod: KubeObject): string | null {
  const agent = listAt(pod, 'spec', 'initContainers').find((container) => textAt(container, 'name') === 'vault-agent-init');
  if (agent === undefined) return null;
  const env = Object.fromEntries(listAt(agent, 'env').map((entry) => [String(at(entry, 'name')), String(at(entry, 'value') ?? '')]));
  const mount = (env.VAULT_AUTH_PATH ?? '').replace(/^auth\//, '');
  if (world.vault.sealed) return 'Error making API request. Code: 503. Errors: * Vault is sealed';
  const role = world.vault.kubernetes[mount]?.roles[(env.VAULT_ROLE ?? '').toLowerCase()];
  if (role === undefined)
    return `Error making API request. URL: PUT /v1/auth/${mount}/login. Code: 400. Errors: * invalid role name "${env.VAULT_ROLE}"`;
  const account = textAt(pod, 'spec', 'serviceAccountName') ?? 'default';
  const names = role.bound_service_account_names;
  if (names.includes('*') || names.includes(account)) return null;
  return `Error making API request. URL: PUT /v1/auth/${mount}/login. Code: 403. Errors: * service account name not authorized`;
}
