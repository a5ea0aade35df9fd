import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ministackAws } from '../../contract/subjects/aws.ts';
import { runningServers } from '../servers/running.ts';

const STACK = join(import.meta.dirname, '..', '..', '..', 'templates', 'terraform');

/** What ministack does not give back as it was given: by address, what a plan right after an apply would change. */
const FORGOTTEN_BY_MINISTACK: Readonly<Record<string, readonly string[]>> = {
  // It keeps no updateConfig of a node group.
  'module.cluster.aws_eks_node_group.base': ['update_config'],
};

const VARIABLES = {
  cluster_name: 'shop-drill-20270112-0930',
  region: 'eu-central-1',
  kubernetes_version: '1.34',
  tags: { 'eks-dr:run': 'drill-1' },
};

// Where providers come from is for the machine to say: TF_CLI_CONFIG_FILE, or Terraform's own folders.
const ENVIRONMENT = { ...process.env, CHECKPOINT_DISABLE: '1', AWS_EC2_METADATA_DISABLED: 'true', TF_IN_AUTOMATION: '1' };

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly said: string;
}

function terraform(folder: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync('terraform', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...ENVIRONMENT, ...environment },
    maxBuffer: 1e8,
  });
  return { status, out: stdout ?? '', said: `${stdout}\n${stderr}` };
}

function must(ended: Ended): string {
  if (ended.status !== 0) throw new Error(`Terraform ended with ${ended.status}:\n${ended.said.slice(-4_000)}`);
  return ended.out;
}

/** Whether there is a Terraform, and it can get the AWS provider. Asked with a module of its own: a mistake in ours must not look like that. */
async function hasProvider(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'eks-dr-provider-'));
  try {
    const block = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = ">= 5.100.0" }\n  }\n}\n';
    await writeFile(join(folder, 'main.tf'), block);
    return terraform(folder, ['init', '-input=false', '-no-color']).status === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface PlannedChange {
  readonly address: string;
  readonly change: { readonly actions: readonly string[]; readonly before: object | null; readonly after: object | null };
}

/** 'address: attribute' for every attribute that a plan would change; the actions, where it is no update. */
function differences(plan: { readonly resource_changes: readonly PlannedChange[] }): string[] {
  return plan.resource_changes.flatMap(({ address, change: { actions, before, after } }) => {
    if (actions.join() === 'no-op' || actions.join() === 'read') return [];
    if (actions.join() !== 'update') return [`${address}: ${actions.join()}`];
    const [was, willBe] = [before ?? {}, after ?? {}] as [Record<string, unknown>, Record<string, unknown>];
    const changed = Object.keys({ ...was, ...willBe }).filter((name) => JSON.stringify(was[name]) !== JSON.stringify(willBe[name]));
    return changed.map((name) => `${address}: ${name}`);
  });
}

describe('the reference stack, with the real Terraform', function () {
  this.timeout(600_000);
  let folder: string;

  before(async function () {
    if (!(await hasProvider())) this.skip();
    folder = join(await mkdtemp(join(tmpdir(), 'eks-dr-stack-')), 'terraform');
    await cp(STACK, folder, { recursive: true });
  });
  after(async () => {
    if (folder !== undefined) await rm(join(folder, '..'), { recursive: true, force: true });
  });

  it('is formatted as Terraform formats it', () => {
    expect(terraform(STACK, ['fmt', '-check', '-recursive', '-no-color']).status).to.equal(0);
  });

  it('is valid', () => {
    must(terraform(folder, ['init', '-backend=false', '-input=false', '-no-color']));
    const document = JSON.parse(must(terraform(folder, ['validate', '-json']))) as { valid: boolean; diagnostics: unknown[] };
    expect(document).to.deep.include({ valid: true, diagnostics: [] });
  });

  describe('on an emulator of AWS', () => {
    let environment: NodeJS.ProcessEnv;

    before(async function () {
      const running = await runningServers();
      const aws = running === null ? null : await ministackAws(running);
      if (aws === null) this.skip();
      const { endpoint, credentials } = aws.subject.config();
      environment = {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      };
      // Override files are Terraform's own way to lay something over a module that stays as it is.
      const provider = 'provider "aws" {\n  skip_credentials_validation = true\n  skip_metadata_api_check = true\n  max_retries = 2\n}\n';
      await writeFile(join(folder, 'emulator_override.tf'), `terraform {\n  backend "local" {}\n}\n${provider}`);
      await writeFile(join(folder, 'recovery.auto.tfvars.json'), JSON.stringify(VARIABLES));
      must(terraform(folder, ['init', '-reconfigure', '-input=false', '-no-color']));
    });

    const planned = (...args: string[]): string[] => {
      must(terraform(folder, ['plan', '-input=false', '-no-color', '-out=plan', ...args], environment));
      return differences(JSON.parse(must(terraform(folder, ['show', '-json', 'plan']))));
    };

    it('can be made, and gives the outputs that EKS-DR reads', () => {
      must(terraform(folder, ['apply', '-auto-approve', '-input=false', '-no-color'], environment));
      const outputs = JSON.parse(must(terraform(folder, ['output', '-json']))) as Record<string, { value: unknown }>;
      expect(outputs.cluster_name?.value).to.equal(VARIABLES.cluster_name);
      expect(outputs.karpenter_interruption_queue?.value).to.equal('shop-drill-20270112-0930-interruptions');
      expect(outputs.private_subnet_ids?.value).to.have.length(3);
    });

    it('has nothing left to do right after', () => {
      const known = Object.entries(FORGOTTEN_BY_MINISTACK).flatMap(([address, names]) => names.map((name) => `${address}: ${name}`));
      expect(planned()).to.have.members(known);
    });

    it('finds a network that is there already by its tags, and makes none', () => {
      const tags = JSON.stringify({ 'eks-dr:run': 'drill-1' });
      const found = planned('-var=create_vpc=false', `-var=vpc_tags=${tags}`, '-state=another.tfstate');
      expect(found.filter((change) => change.includes('module.network'))).to.deep.equal([]);
      expect(found).to.include('module.cluster.aws_eks_cluster.this: create');
    });

    it('can be taken away again, and leaves nothing', () => {
      must(terraform(folder, ['destroy', '-auto-approve', '-input=false', '-no-color'], environment));
      expect(must(terraform(folder, ['state', 'list'])).trim()).to.equal('');
    });
  });
});
