import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { createTls } from '../../../sandbox/tls.ts';
import type { ClusterName } from './server.ts';

const COMPONENTS = ['admin', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
export type Component = (typeof COMPONENTS)[number];

interface ClusterSecrets {
  /** Bearer tokens of its static users. */
  readonly tokens: Readonly<Record<Component, string>>;
  /** PEM; signs the tokens of service accounts. */
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
}

/** Made new for every run, for nothing but these servers. */
export interface Secrets {
  /** One CA and one certificate for 127.0.0.1 and localhost, as PEM. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly clusters: Readonly<Record<ClusterName, ClusterSecrets>>;
  /** Of the root user of the ministack that checks signatures. */
  readonly aws: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly openbaoRootToken: string;
}

/** The secrets of this run folder; makes them, and the files that the servers read, when there are none. */
export async function runSecrets(folder: string): Promise<Secrets> {
  await mkdir(join(folder, 'keys'), { recursive: true, mode: 0o700 });
  const file = join(folder, 'keys', 'secrets.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Secrets;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
  const secrets = await newSecrets();
  await writeKeyFiles(join(folder, 'keys'), secrets);
  await writeFileAtomic(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

async function newSecrets(): Promise<Secrets> {
  return {
    tls: await createTls(),
    clusters: { primary: clusterSecrets(), recovery: clusterSecrets() },
    aws: { accessKeyId: `AKIA${randomBytes(10).toString('hex').slice(0, 16).toUpperCase()}`, secretAccessKey: token() },
    openbaoRootToken: `root-${token()}`,
  };
}

function clusterSecrets(): ClusterSecrets {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const tokens = Object.fromEntries(COMPONENTS.map((name) => [name, token()])) as Record<Component, string>;
  return { tokens, serviceAccountKey: privateKey, serviceAccountPublicKey: publicKey };
}

async function writeKeyFiles(folder: string, { tls, clusters }: Secrets): Promise<void> {
  const files: Record<string, string> = { 'ca.pem': tls.ca, 'server.pem': `${tls.cert}\n${tls.ca}`, 'server-key.pem': tls.key };
  for (const [name, cluster] of Object.entries(clusters)) {
    files[`${name}-sa.key`] = cluster.serviceAccountKey;
    files[`${name}-sa.pub`] = cluster.serviceAccountPublicKey;
    files[`${name}-tokens.csv`] = tokenFile(cluster.tokens);
  }
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text, { mode: 0o600 })));
}

/** `--token-auth-file`: token, user, uid, groups. */
function tokenFile(tokens: ClusterSecrets['tokens']): string {
  const lines = [
    `${tokens.admin},admin,admin,"system:masters"`,
    `${tokens.kwok},kwok,kwok,"system:masters"`,
    `${tokens['kube-controller-manager']},system:kube-controller-manager,kube-controller-manager`,
    `${tokens['kube-scheduler']},system:kube-scheduler,kube-scheduler`,
  ];
  return `${lines.join('\n')}\n`;
}

function token(): string {
  return randomBytes(24).toString('base64url');
}
