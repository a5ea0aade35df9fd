import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sandboxEnvironment } from '../pipeline/cli/sandbox-environment.ts';
import { startSandbox } from '../sandbox/server.ts';
import { emptyWorld } from '../sandbox/worlds/empty.ts';

/** What the environment of a sandbox holds beside credentials. Whatever is not here counts as a secret, so a new one is looked for at once. */
const open = new Set([
  'AWS_ENDPOINT_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_REGION',
  'AWS_EC2_METADATA_DISABLED',
  'ARGOCD_SERVER',
  'GITLAB_HOST',
  'VAULT_ADDR',
  'TF_SANDBOX_CLOCK_SCALE',
  'TF_SANDBOX_POLL_MS',
  'EKS_DR_CLOCK_SCALE',
  'EKS_DR_SANDBOX',
  'EKS_DR_ESTATE_FOLDER',
  'XDG_CACHE_HOME',
  'TMPDIR',
  'HOME',
  'PATH',
]);

/** So much of a secret in one piece is too much. */
const PIECE = 12;

/** The credentials that a sandbox hands out in this environment. */
export function credentialsOf(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) => (open.has(name) ? [] : [value]));
}

/** The credentials that every sandbox hands out, and those of its users that `eks-dr sandbox` adds. */
export async function credentialsHandedOut(): Promise<string[]> {
  const sandbox = await startSandbox({ world: emptyWorld(), scale: 1, systems: [] });
  await sandbox.stop();
  return credentialsOf(
    sandboxEnvironment({
      clients: sandbox.environment,
      control: sandbox.addresses.control,
      scale: 1,
      stepsFolder: '.',
      path: '',
    }),
  );
}

/** The first and last line of a key in PEM stand in every certificate, too. */
function withoutArmour(text: string): string {
  return text.replaceAll(/-----(BEGIN|END) [A-Z ]+-----\n?/g, '');
}

/** The values of all Kubernetes secrets in a world, decoded; what is public in them (the CA of a cluster) left out. */
export function kubernetesSecretsIn(world: unknown): string[] {
  if (Array.isArray(world)) return world.flatMap(kubernetesSecretsIn);
  if (typeof world !== 'object' || world === null) return [];
  const { kind, data } = world as { kind?: unknown; data?: unknown };
  if (kind !== 'Secret' || typeof data !== 'object' || data === null) return Object.values(world).flatMap(kubernetesSecretsIn);
  const hidden = Object.entries(data).filter(([name, value]) => typeof value === 'string' && !['ca.crt', 'namespace'].includes(name));
  return hidden.map(([, value]) => withoutArmour(Buffer.from(String(value), 'base64').toString())).filter((value) => value.length >= PIECE);
}

/** Which of these secrets stand in a text: as they are, base64, hex, URL-encoded or JSON-escaped, whole or a piece of them. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  const lower = text.toLowerCase();
  return secrets.filter((secret) => {
    const hex = Buffer.from(secret).toString('hex');
    if (piecesOf(hex, 2 * PIECE).some((piece) => lower.includes(piece))) return true;
    return formsOf(secret).some((form) => piecesOf(form, PIECE).some((piece) => text.includes(piece)));
  });
}

/** The same for everything in a folder and below, by path. `.gz` and `.tgz` are looked into. */
export async function secretsInFolder(folder: string, secrets: readonly string[]): Promise<Record<string, string[]>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  // Copies of a run folder hold the same files again and again.
  const judged = new Map<string, string[]>();
  const found: Record<string, string[]> = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const text = `${entry.name}\n${(/\.t?gz$/.test(entry.name) ? gunzipSync(bytes) : bytes).toString('latin1')}`;
    const inside = judged.get(text) ?? secretsIn(text, secrets);
    judged.set(text, inside);
    if (inside.length > 0) found[path] = inside;
  }
  return found;
}

function formsOf(secret: string): string[] {
  // Three ways, by where the bytes stand; the first and last letters depend on the neighbours.
  const base64 = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64'));
  const inner = base64.map((text, before) => text.replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -1));
  const forBase64 = inner.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...forBase64];
}

/** All pieces; of a long text every twelfth one, which is in whatever is almost twice as long. */
function piecesOf(text: string, length: number): string[] {
  if (text.length <= length) return [text];
  const step = text.length > 200 ? length : 1;
  return Array.from({ length: Math.floor((text.length - length) / step) + 1 }, (_, index) =>
    text.slice(index * step, index * step + length),
  );
}
