import type { Estate } from '../estate/estate.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import type { Run } from '../kit/run.ts';
import { RUN_TAG, recoveryClusterName, SCOPE_TAG } from '../naming.ts';
import { targetOf } from '../target.ts';
import type { StackRef } from './terraform-types.ts';

type TerraformEstate = Pick<Estate, 'terraform'>;
type RunNames = Pick<Run, 'id' | 'target'>;

/** The stack of this run: one state per recovery. Throws `estate-invalid` when the backend could mix two runs. */
export function stackOf(estate: TerraformEstate & Pick<Estate, 'targets'>, run: RunNames): StackRef {
  const target = targetOf(estate, run);
  return { directory: estate.terraform.directory, stateKey: stateKeyOf(estate, run), region: target.region };
}

/**
 * The backend arguments that tell where a state lies, the usual ones first; from the documentation of Terraform's backends. Others name a
 * lock table, a profile, or (workspace_key_prefix) the place of workspaces that nobody uses here: the run's id in them keeps nothing apart.
 */
export const STATE_PLACES = [
  'key',
  'path',
  'prefix',
  'address',
  'schema_name',
  'secret_suffix',
  'bucket',
  'container_name',
  'storage_account_name',
] as const;

/** The argument that gives each recovery a state of its own; undefined where none does. */
export function stateArgument(backend: Readonly<Record<string, string>>): (typeof STATE_PLACES)[number] | undefined {
  return STATE_PLACES.find((name) => backend[name]?.includes('${run}'));
}

/** The place of this run's state in the backend: the configured value that carries the run's id. */
export function stateKeyOf(estate: TerraformEstate, run: RunNames): string {
  const { backend } = estate.terraform;
  const name = stateArgument(backend);
  const template = name === undefined ? undefined : backend[name];
  if (template === undefined) {
    throw new EksDrError('estate-invalid', {
      message:
        'terraform.backend holds ${run} in nothing that tells where the state lies, so every recovery would share one Terraform state.',
      target: 'terraform.backend',
      remedy: 'Put ${run} into the key of the state, such as key: eks-dr/${run}/terraform.tfstate.',
    });
  }
  return fill(template, run);
}

/**
 * The backend's arguments with this run's names filled in. The S3 backend (the one that takes a bucket and a key) doesn't lock
 * unless it is told to: here it always does.
 */
export function backendOf(estate: TerraformEstate, run: RunNames): Readonly<Record<string, string>> {
  const { bucket, key, use_lockfile, dynamodb_table } = estate.terraform.backend;
  const unlocked = bucket !== undefined && key !== undefined && use_lockfile === undefined && dynamodb_table === undefined;
  const filled = Object.fromEntries(Object.entries(estate.terraform.backend).map(([name, value]) => [name, fill(value, run)]));
  return unlocked ? { ...filled, use_lockfile: 'true' } : filled;
}

/** The text of a -backend-config file. HCL strings are JSON strings in which `${` and `%{` are doubled. */
export function backendFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (!/^[A-Za-z_][\w-]*$/.test(name)) {
        throw new EksDrError('estate-invalid', {
          message: `terraform.backend has an argument that is no name: ${name}.`,
          target: `terraform.backend.${name}`,
        });
      }
      return `${name} = ${JSON.stringify(value).replaceAll(/([$%])\{/g, '$1$1{')}\n`;
    })
    .join('');
}

/** The variables of this run's stack: the estate's, the target's, and the four that only a run can know. */
export function stackVariables(
  estate: Pick<Estate, 'name' | 'terraform' | 'targets'>,
  run: Pick<Run, 'id' | 'mode' | 'target'>,
): Readonly<Record<string, Json>> {
  const target = targetOf(estate, run);
  const names = estate.terraform.variableNames;
  const given = { ...estate.terraform.variables, ...target.variables } as Record<string, Json>;
  const tags = given[names.tags];
  const kept = typeof tags === 'object' && tags !== null && !Array.isArray(tags) ? tags : {};
  return {
    ...given,
    [names.clusterName]: recoveryClusterName(estate, run),
    [names.region]: target.region,
    [names.kubernetesVersion]: target.kubernetesVersion,
    [names.tags]: { ...kept, [RUN_TAG]: run.id, [SCOPE_TAG]: run.mode },
  };
}

function fill(template: string, run: RunNames): string {
  return template.replaceAll('${run}', run.id).replaceAll('${target}', run.target);
}
