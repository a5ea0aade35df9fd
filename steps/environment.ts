import { readFile } from 'node:fs/promises';
import { ANSWER_SECONDS } from './clients/limits.ts';
import type { Estate } from './estate/estate.ts';
import { EksDrError } from './kit/errors.ts';
import { createSecrets, type SecretSource, type Secrets } from './kit/secrets.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables by which some program or library stops verifying TLS. */
const TLS_SWITCHES: Readonly<Record<string, (value: string) => boolean>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: (value) => value === '0',
  GIT_SSL_NO_VERIFY: (value) => value !== '' && value !== '0' && value.toLowerCase() !== 'false',
  VAULT_SKIP_VERIFY: (value) => value !== '' && value !== '0' && value.toLowerCase() !== 'false',
};

/** Refuses an environment in which the identity of a remote system would not be verified. */
export function refuseUnverifiedTls(environment: Environment): void {
  const set = Object.entries(TLS_SWITCHES).flatMap(([name, isOff]) => (isOff(environment[name] ?? '') ? [name] : []));
  const insecure = (environment.ARGOCD_OPTS ?? '').includes('--insecure') ? ['ARGOCD_OPTS (--insecure)'] : [];
  const refused = [...set, ...insecure];
  if (refused.length === 0) return;
  throw new EksDrError('environment-refused', {
    message: `${refused.join(', ')} switches the verification of TLS certificates off.`,
    target: refused.join(', '),
  });
}

/** How fast the clock of the run goes: 1, or `EKS_DR_CLOCK_SCALE` where every endpoint is on loopback. */
export function clockScale(environment: Environment, estate: Pick<Estate, 'argocd' | 'gitlab' | 'vault'>): number {
  const text = environment.EKS_DR_CLOCK_SCALE;
  if (text === undefined || text === '' || text === '1') return 1;
  const scale = Number(text);
  if (!Number.isFinite(scale) || scale < 1 || scale > 1000) {
    throw new EksDrError('input-invalid', {
      message: `EKS_DR_CLOCK_SCALE is "${text}"; it takes a number from 1 to 1000.`,
      target: 'EKS_DR_CLOCK_SCALE',
    });
  }
  const outside = Object.entries(endpoints(environment, estate)).filter(([, address]) => !isLoopback(address));
  if (outside.length === 0) return scale;
  const names = outside.map(([name, address]) => `${name} (${address ?? 'not set'})`);
  throw new EksDrError('environment-refused', {
    message: `EKS_DR_CLOCK_SCALE is for sandboxes, but these endpoints are not on loopback: ${names.join(', ')}.`,
    target: 'EKS_DR_CLOCK_SCALE',
    remedy: 'Unset EKS_DR_CLOCK_SCALE for real systems.',
  });
}

/** How long a remote system may take for an answer, in real seconds: `EKS_DR_ANSWER_SECONDS`, for slow lines. */
export function answerSeconds(environment: Environment): number {
  const text = environment.EKS_DR_ANSWER_SECONDS;
  if (text === undefined || text === '') return ANSWER_SECONDS;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 1 && seconds <= 600) return seconds;
  throw new EksDrError('input-invalid', {
    message: `EKS_DR_ANSWER_SECONDS is "${text}"; it takes a number of seconds from 1 to 600.`,
    target: 'EKS_DR_ANSWER_SECONDS',
  });
}

function endpoints(environment: Environment, estate: Pick<Estate, 'argocd' | 'gitlab' | 'vault'>): Record<string, string | undefined> {
  const perService = Object.entries(environment).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL_'));
  return {
    AWS_ENDPOINT_URL: environment.AWS_ENDPOINT_URL,
    ...Object.fromEntries(perService),
    ARGOCD_SERVER: environment.ARGOCD_SERVER ?? estate.argocd.url,
    GITLAB_HOST: environment.GITLAB_HOST ?? estate.gitlab.url,
    ...(estate.vault === undefined ? {} : { VAULT_ADDR: environment.VAULT_ADDR ?? estate.vault.address }),
  };
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Secrets by reference from the environment (`env:NAME`) and from files (`file:PATH`), compared under EKS_DR_DIGEST_KEY. `remote` finds all
 * others.
 */
export function environmentSecrets(environment: Environment, remote: SecretSource): Secrets {
  const source: SecretSource = async (ref) => {
    if (ref.startsWith('env:')) return environment[ref.slice('env:'.length)];
    if (ref.startsWith('file:')) return readSecretFile(ref.slice('file:'.length));
    return remote(ref);
  };
  return createSecrets(environment.EKS_DR_DIGEST_KEY, source, credentialsIn(environment));
}

// By the names that AWS, Terraform, Argo CD, GitLab, Vault and everybody's own TF_VAR_ use; not what only tells where or whose a secret is.
const credentialName = /SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|(PRIVATE|API|ACCESS|LICEN[CS]E|DIGEST)_?KEY/i;
const aboutCredential = /_(ID|FILE|PATH|URL|URI|NAME|ARN|HOST|EXPIRATION|TTL)$/i;

/** The credentials in the environment: values of variables that are named like one, and passwords in addresses (of a proxy). */
export function credentialsIn(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, value = '']) => {
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^@\s/]+)@/i.exec(value)?.[1];
    const named = credentialName.test(name) && !aboutCredential.test(name);
    return [...(named ? [value] : []), ...(password === undefined ? [] : [password])];
  });
}

async function readSecretFile(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EksDrError('input-unreadable', { message: `The secret file ${path} can't be read.`, target: path, cause: thrown });
  }
}
