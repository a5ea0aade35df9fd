import type { Clients } from '../clients/clients.ts';
import { stackOf } from '../clients/terraform-stack-ref.ts';
import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The first release, of Terraform and of OpenTofu alike, whose S3 backend locks by a lock file in the bucket. */
const LEAST_VERSION = '1.10.0';

export const terraformPresent: Check = {
  id: 'terraform-present',
  title: 'Terraform is installed and new enough',
  run: ({ estate, clients }) =>
    findings(`${estate.terraform.binary} version`, async () => {
      const version = await (await clients.terraform()).version();
      if (!isOlder(version, LEAST_VERSION)) return [];
      return [
        {
          severity: 'blocker',
          message: `${estate.terraform.binary} ${version} is too old; ${LEAST_VERSION} is the least.`,
          evidence: `${estate.terraform.binary} version -json`,
          remedy: `Install ${LEAST_VERSION} or later: from then on the S3 backend locks without DynamoDB.`,
        },
      ];
    }),
};

const stackValid: Check = {
  id: 'terraform-stack-valid',
  title: 'The Terraform module is valid and pins its providers',
  run: ({ estate, run, clients }) =>
    findings(`${estate.terraform.binary} validate in ${estate.terraform.directory}`, async () => {
      const stack = stackOf(estate, run);
      const terraform = await clients.terraform();
      const problems = (await terraform.validate(stack)).map(
        ({ severity, message, where }): Finding => ({
          severity: severity === 'error' ? 'blocker' : 'warning',
          message: `The Terraform module says: ${message}`,
          evidence: where ?? estate.terraform.directory,
          remedy: 'Correct the module.',
        }),
      );
      return (await terraform.hasLockFile(stack)) ? problems : [...problems, noLockFile(estate.terraform.directory)];
    }),
};

export const backendOutsideLostRegion: Check = {
  id: 'terraform-backend-region',
  title: 'The Terraform state does not lie in the lost region',
  async run({ estate, run }) {
    const { region, bucket } = estate.terraform.backend;
    const { region: lost } = estate.primary;
    if (bucket === undefined || estate.targets[run.target]?.region === lost) return [];
    if (region === lost) {
      return [
        {
          severity: 'blocker',
          message: `The Terraform state lies in ${region}, the region that is to be recovered from.`,
          evidence: 'terraform.backend.region',
          remedy: 'Keep the state of recoveries in a bucket outside the primary region.',
        },
      ];
    }
    if (region !== undefined) return [];
    return [
      {
        severity: 'warning',
        message: `terraform.backend names no region, so nobody can tell whether its bucket lies in ${lost}.`,
        evidence: 'terraform.backend',
        remedy: 'Name the region of the bucket in terraform.backend.',
      },
    ];
  },
};

const backendReachable: Check = {
  id: 'terraform-backend-reachable',
  title: 'The Terraform backend answers, and the state is not locked',
  run: ({ estate, run, clients }) =>
    findings('terraform init and the lock of the state', async () => {
      const stack = stackOf(estate, run);
      const terraform = await clients.terraform();
      await terraform.reachBackend(stack);
      return lockFindings(terraform, stack);
    }),
};

export const stackChecks: readonly Check[] = [terraformPresent, stackValid, backendOutsideLostRegion, backendReachable];

async function lockFindings(
  terraform: Awaited<ReturnType<Clients['terraform']>>,
  stack: ReturnType<typeof stackOf>,
): Promise<readonly Finding[]> {
  const held = await terraform.lock(stack);
  if (held === null) return [];
  const evidence = `lock ${held.id}, ${held.operation}, since ${held.created}`;
  if (held.holder === 'own-alive') {
    const remedy = 'Nothing to do now: create-cluster will wait until it is done.';
    return [{ severity: 'note', message: 'A Terraform of this run is still at work, though its step is gone.', evidence, remedy }];
  }
  if (held.holder === 'own-dead') {
    const remedy = 'Nothing to do now: create-cluster will ask for approval to break it.';
    return [{ severity: 'note', message: `The Terraform state is locked by a dead process of this run (${held.who}).`, evidence, remedy }];
  }
  const remedy = `Wait until ${held.who} is done; if that process is dead for certain, set EKS_DR_BREAK_LOCK=${held.id}.`;
  return [{ severity: 'blocker', message: `The Terraform state ${stack.stateKey} is locked by ${held.who}.`, evidence, remedy }];
}

function noLockFile(directory: string): Finding {
  return {
    severity: 'warning',
    message: 'The Terraform module has no dependency lock file: the night decides which provider versions are used.',
    evidence: `${directory}/.terraform.lock.hcl`,
    remedy: 'Commit the lock file, with the hashes for the platform of the agents: terraform providers lock -platform=linux_amd64.',
  };
}

/** Compares by major, minor and patch; a pre-release counts as its release. */
export function isOlder(version: string, least: string): boolean {
  const [a, b] = [numbers(version), numbers(least)];
  const index = a.findIndex((value, position) => value !== b[position]);
  return index >= 0 && (a[index] ?? 0) < (b[index] ?? 0);
}

function numbers(version: string): [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).slice(0, 3).map(Number);
  return [major, minor, patch];
}
