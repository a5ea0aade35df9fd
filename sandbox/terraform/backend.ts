import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { failure } from './failure.ts';
import type { Settings } from './settings.ts';

/** The arguments of the S3 backend that this program knows. */
const known = [
  'bucket',
  'key',
  'region',
  'use_lockfile',
  'encrypt',
  'profile',
  'kms_key_id',
  'workspace_key_prefix',
  'use_path_style',
  'skip_credentials_validation',
  'skip_requesting_account_id',
  'skip_metadata_api_check',
  'skip_region_validation',
];

export interface Backend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly useLockFile: boolean;
}

type BackendConfig = Readonly<Record<string, string>>;

function assignmentsIn(source: string, file: string): BackendConfig {
  const lines = source.split('\n').filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line));
  const entries = lines.map((line) => {
    const [, name = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    if (name === '') throw failure('Invalid backend configuration', `${file}: not an argument: ${line}`);
    // HCL escapes template sequences by doubling their first character.
    return [name, String(JSON.parse(value)).replace(/([$%])\1\{/g, '$1{')] as const;
  });
  return Object.fromEntries(entries);
}

/** The values of `-backend-config`, each `name=value` or the path of a file. */
export async function backendConfig(given: readonly string[]): Promise<BackendConfig> {
  const parts = await Promise.all(
    given.map(async (each) => {
      const equals = each.indexOf('=');
      if (equals > 0 && !each.slice(0, equals).includes('/'))
        return { [each.slice(0, equals)]: each.slice(equals + 1).replace(/^"(.*)"$/s, '$1') };
      const source = await readFile(each, 'utf8').catch(() => {
        throw failure('Failed to read file', `The file "${each}" could not be read.`);
      });
      return assignmentsIn(source, each);
    }),
  );
  return Object.assign({}, ...parts) as BackendConfig;
}

function fromConfig(config: BackendConfig): Backend {
  const unknown = Object.keys(config).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw failure(
      'Invalid backend configuration argument',
      `The backend configuration argument "${unknown}" given on the command line is not expected for the selected backend type.`,
    );
  }
  const { bucket, key, region } = config;
  for (const [name, value] of Object.entries({ bucket, key, region })) {
    if (!value)
      throw failure(
        'Missing Required Value',
        `The attribute "${name}" is required by the backend.\n\nRefer to the backend documentation for additional information which attributes are required.`,
      );
  }
  return { bucket: bucket ?? '', key: key ?? '', region: region ?? '', useLockFile: config.use_lockfile === 'true' };
}

const fileIn = (settings: Settings): string => join(settings.dataFolder, 'terraform.tfstate');

async function savedConfig(settings: Settings): Promise<BackendConfig | null> {
  const source = await readFile(fileIn(settings), 'utf8').catch(() => null);
  if (source === null) return null;
  return (JSON.parse(source) as { backend: { config: BackendConfig } }).backend.config;
}

/**
 * Keeps the backend's configuration for the commands to come, once it can be reached. Throws when another one is kept and
 * `reconfigure` is not asked for.
 */
export async function saveBackend(
  settings: Settings,
  config: BackendConfig,
  { reconfigure, reach }: { readonly reconfigure: boolean; reach(backend: Backend): Promise<void> },
): Promise<void> {
  const backend = fromConfig(config);
  const before = await savedConfig(settings);
  if (before !== null && !reconfigure && JSON.stringify(before) !== JSON.stringify(config)) {
    const detail =
      'A change in the backend configuration has been detected, which may require migrating existing state.\n\nIf you wish to store the current configuration with no changes to the state, use "terraform init -reconfigure".';
    throw failure('Backend configuration changed', detail);
  }
  await reach(backend);
  await mkdir(settings.dataFolder, { recursive: true });
  await writeFile(fileIn(settings), JSON.stringify({ version: 3, backend: { type: 's3', config } }), { mode: 0o600 });
}

/** The backend that init has set up. */
export async function openBackend(settings: Settings): Promise<Backend> {
  const config = await savedConfig(settings);
  if (config !== null) return fromConfig(config);
  const detail =
    'Reason: Initial configuration of the requested backend "s3"\n\nThe "backend" is the interface that Terraform uses to store state. Please run "terraform init".';
  throw failure('Backend initialization required, please run "terraform init"', detail);
}

export function s3Client(backend: Pick<Backend, 'region'>): S3Client {
  return new S3Client({ region: backend.region, forcePathStyle: true, maxAttempts: 5 });
}
