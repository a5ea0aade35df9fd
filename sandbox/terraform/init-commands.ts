import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type Arguments, isSet, parseArguments } from './arguments.ts';
import { type Backend, backendConfig, s3Client, saveBackend } from './backend.ts';
import type { Command } from './command.ts';
import { readConfiguration } from './configuration.ts';
import { errorName, errorText, failure, failures } from './failure.ts';
import { version as release } from './settings.ts';

async function reach(backend: Backend): Promise<void> {
  try {
    await s3Client(backend).send(new ListObjectsV2Command({ Bucket: backend.bucket, Prefix: 'env:/', MaxKeys: 1000 }));
  } catch (error) {
    if (errorName(error) === 'NoSuchBucket')
      throw failure(
        `Failed to get existing workspaces: S3 bucket "${backend.bucket}" does not exist.`,
        'The referenced S3 bucket must have been previously created.',
      );
    const reason = `Unable to list objects in S3 bucket "${backend.bucket}" with prefix "env:/": operation error S3: ListObjectsV2, ${errorText(error)}`;
    throw failure('Failed to get existing workspaces', reason);
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function setUpBackend(context: Parameters<Command>[0], args: Arguments): Promise<void> {
  const { settings, output } = context;
  output.human('Initializing the backend...');
  const config = await backendConfig(args.flags['backend-config'] ?? []);
  await saveBackend(settings, config, { reconfigure: isSet(args, 'reconfigure'), reach });
  output.human(
    '\nSuccessfully configured the backend "s3"! Terraform will automatically\nuse this backend unless the backend configuration changes.',
  );
}

/** `terraform init`: reads the module, keeps and tries the backend. Providers need no installation: this program is its own. */
export const init: Command = async (context, rest) => {
  const { settings, output } = context;
  const args = parseArguments(rest, {
    input: 'flag',
    backend: 'flag',
    'backend-config': 'list',
    reconfigure: 'flag',
    'migrate-state': 'flag',
    upgrade: 'flag',
    lockfile: 'value',
    get: 'flag',
    lock: 'flag',
    'lock-timeout': 'value',
    'plugin-dir': 'list',
    'no-color': 'flag',
  });
  const configuration = await readConfiguration(settings.folder);
  if (configuration.problems.length > 0) throw failures(configuration.problems);
  const lockFile = await exists(join(settings.folder, '.terraform.lock.hcl'));
  if (args.flags.lockfile?.at(-1) === 'readonly' && !lockFile) {
    throw failure(
      'Provider dependency changes detected',
      'Changes to the required provider dependencies were detected, but the lock file is read-only. To use and record these requirements, run "terraform init" without the "-lockfile=readonly" flag.',
    );
  }
  if (isSet(args, 'backend', true)) {
    if (configuration.backend === null) {
      const detail = '-backend-config was used without a "backend" block in the configuration.';
      output.diagnostics([{ severity: 'warning', summary: 'Missing backend configuration', detail }]);
    }
    if (configuration.backend !== null && configuration.backend !== 's3') {
      throw failure('Unsupported backend type', `There is no backend type named "${configuration.backend}".`);
    }
    await setUpBackend(context, args);
  }
  output.human('Initializing provider plugins...\n- Finding hashicorp/aws versions...\n\nTerraform has been successfully initialized!');
  return 0;
};

export const version: Command = async (_context, rest) => {
  const args = parseArguments(rest, { json: 'flag' });
  const facts = {
    terraform_version: release,
    platform: `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`,
    provider_selections: {},
    terraform_outdated: false,
  };
  process.stdout.write(isSet(args, 'json') ? `${JSON.stringify(facts, null, 2)}\n` : `Terraform v${release}\non ${facts.platform}\n`);
  return 0;
};

export const validate: Command = async (context, rest) => {
  const args = parseArguments(rest, { json: 'flag', 'no-color': 'flag', 'no-tests': 'flag' });
  const { problems } = await readConfiguration(context.settings.folder);
  const valid = problems.length === 0;
  if (isSet(args, 'json')) {
    const document = { format_version: '1.0', valid, error_count: problems.length, warning_count: 0, diagnostics: problems };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    context.output.diagnostics(problems);
    if (valid) context.output.human('Success! The configuration is valid.');
  }
  return valid ? 0 : 1;
};
