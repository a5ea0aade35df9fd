import type { Estate } from '../../steps/estate/estate.ts';
import { compareText } from '../../steps/kit/text.ts';

/** A secret-text credential of Jenkins and the environment variable in which the steps find it. */
export interface Credential {
  readonly id: string;
  readonly variable: string;
  readonly description: string;
}

const always: readonly Omit<Credential, 'id'>[] = [
  { variable: 'ARGOCD_AUTH_TOKEN', description: 'A token of an Argo CD account that may manage clusters, projects and applications.' },
  {
    variable: 'EKS_DR_DIGEST_KEY',
    description: 'At least 32 random characters: the key by which plans tell secrets apart without holding them.',
  },
  { variable: 'GITLAB_TOKEN', description: 'A GitLab project access token with the scope api, role Maintainer.' },
];

const ofVault: Omit<Credential, 'id'> = {
  variable: 'VAULT_TOKEN',
  description: 'A token for Vault that outlives a recovery by hours; its policies stand in docs/runbooks/night.md.',
};

/** Every secret that the steps need: the tokens of the systems, and whatever the estate names as env:NAME. */
export function credentialsOf(estate: Estate, prefix: string): readonly Credential[] {
  const needed = estate.vault === undefined ? always : [...always, ofVault];
  const known = new Set(needed.map(({ variable }) => variable));
  const named = environmentReferences(estate)
    .filter((variable) => !known.has(variable))
    .map((variable) => ({ variable, description: `The estate names it as env:${variable}.` }));
  return [...needed, ...named]
    .map((credential) => ({ id: `${prefix}${credential.variable.toLowerCase().replaceAll('_', '-')}`, ...credential }))
    .toSorted((a, b) => compareText(a.variable, b.variable));
}

function environmentReferences(value: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part === 'string') {
      const name = /^env:([A-Z_][A-Z0-9_]*)$/.exec(part)?.[1];
      if (name !== undefined) found.add(name);
    } else if (typeof part === 'object' && part !== null) Object.values(part).forEach(visit);
  };
  visit(value);
  return [...found];
}
