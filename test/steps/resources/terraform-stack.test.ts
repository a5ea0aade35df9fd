import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectTerraform, type Terraform } from '../../../steps/clients/terraform.ts';
import type { StackRef } from '../../../steps/clients/terraform-types.ts';
import { createClock } from '../../../steps/kit/clock.ts';
import { isJsonObject, type Json } from '../../../steps/kit/json.ts';
import type { Log } from '../../../steps/kit/log.ts';
import { terraformStack } from '../../../steps/resources/terraform-stack.ts';
import { failure } from '../../failure.ts';
import { estateWith } from '../context.ts';
import { type Driving, driving } from '../driving.ts';

/** Only what EKS might have is asked of it: none of these stacks holds any. */
const noEks = async (): Promise<never> => {
  throw new Error('nobody asks EKS here');
};

const RUN = { id: 'drill-1', mode: 'drill', target: 'frankfurt' } as const;

// terraform_data is built into the program: no provider, no network. `b` hangs on `a`, so a crash between the two is easily made.
const MODULE = `
terraform {
  backend "local" {}
}
variable "cluster_name" { type = string }
variable "region" { type = string }
variable "kubernetes_version" { type = string }
variable "tags" { type = map(string) }
variable "gate" { type = string }
variable "password" {
  type      = string
  sensitive = true
  default   = "correct-horse"
}
resource "terraform_data" "a" {
  input = { name = var.cluster_name, tags = var.tags, version = var.kubernetes_version, password = var.password }
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
  provisioner "local-exec" {
    command = "test -e \${var.gate}"
  }
}
output "cluster_name" { value = terraform_data.a.output.name }
output "b" { value = terraform_data.b.output }
`;

/** These run the real program where there is one: what it does no fake could tell us. */
const real = spawnSync('terraform', ['version']).status === 0;

(real ? describe : describe.skip)('terraform.stack, with the real Terraform', function () {
  this.timeout(60_000);
  let folder: string;
  let gate: string;
  let terraform: Terraform;
  let drive: Driving;
  const lines: string[] = [];
  const stack: { -readonly [Key in keyof StackRef]: string } & Record<string, string> = {
    directory: 'module',
    stateKey: '',
    region: 'eu-central-1',
  };
  const desired = (change: Record<string, Json> = {}): Json => ({ variables: { ...terraform.variables, ...change } });

  before(() => process.setMaxListeners(100));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'terraform-stack-'));
    gate = join(folder, 'gate');
    mkdirSync(join(folder, 'module'));
    writeFileSync(join(folder, 'module', 'main.tf'), MODULE);
    writeFileSync(gate, '');
    terraform = connect({});
    drive = driving(terraformStack, { terraform: async () => terraform, eks: noEks, log: logInto(lines) });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function connect(environment: NodeJS.ProcessEnv): Terraform {
    const backend = { path: join(folder, '${run}.tfstate') };
    stack.stateKey = join(folder, 'drill-1.tfstate');
    return connectTerraform({
      estate: estateWith({
        terraform: { ...estateWith().terraform, directory: 'module', backend, variables: { gate } },
        targets: {
          frankfurt: { region: 'eu-central-1', accountId: '111122223333', kubernetesVersion: '1.34', variables: {}, translations: {} },
        },
      }),
      run: RUN,
      environment: { PATH: process.env.PATH, HOME: folder, TF_CLI_CONFIG_FILE: '/dev/null', ...environment },
      clock: createClock(1, Date.now()),
      log: logInto(lines),
      signal: new AbortController().signal,
      estateFolder: folder,
    });
  }

  async function apply(change: Record<string, Json> = {}): Promise<{ readonly before: Json; readonly after: Json }> {
    const planned = await drive.difference(stack, desired(change));
    if (planned === null) throw new Error('there was nothing to apply');
    await drive.write(stack, planned.before, planned.after);
    return planned;
  }

  it('plans a fresh stack from nothing to everything, the same each time', async () => {
    const planned = await drive.difference(stack, desired());
    expect(planned?.before).to.equal(null);
    expect(planned).to.deep.equal(await drive.difference(stack, desired()));
    expect(addresses(planned?.after ?? null)).to.deep.equal([
      'create terraform_data.a',
      'create terraform_data.b',
      'create output.b',
      'create output.cluster_name',
    ]);
    expect(existsSync(stack.stateKey)).to.equal(false);
  });

  it('has nothing left to do after it was applied', async () => {
    const { before, after } = await apply();
    expect((await drive.look(stack, before, after)).at).to.equal('after');
    expect(await drive.difference(stack, desired())).to.equal(null);
    expect((await terraform.outputs(stack)).cluster_name).to.deep.equal({ value: 'shop-drill-1', sensitive: false });
  });

  it('shows no sensitive value anywhere, not even where a provider lost its mark', async () => {
    const first = await drive.difference(stack, desired());
    await apply();
    const later = await drive.difference(stack, desired({ kubernetes_version: '1.35' }));
    const shown = JSON.stringify([first, later, await drive.now(stack)]);
    expect(shown).to.contain('(sensitive)').and.not.to.contain('correct-horse');
    expect(lines.join('\n')).not.to.contain('correct-horse');
  });

  it('goes on where a crash stopped it: what is left is a part of what was approved', async () => {
    rmSync(gate);
    const planned = await drive.difference(stack, desired());
    const { before = null, after = null } = planned ?? {};
    await failure('unhealthy', drive.write(stack, before, after));
    writeFileSync(gate, '');

    const look = await drive.look(stack, before, after);
    expect(look.at).to.equal('before');
    expect(addresses(look.now)).to.include('present terraform_data.a');
    await drive.write(stack, before, after, look);
    expect((await drive.look(stack, before, after)).at).to.equal('after');
  });

  it('sees what it was not approved to do as drift, and does not do it', async () => {
    const { before, after } = await apply();
    const state = readFileSync(stack.stateKey, 'utf8');
    writeFileSync(join(folder, 'module', 'more.tf'), 'resource "terraform_data" "more" {}');
    const look = await drive.look(stack, before, after);
    expect(look.at).to.equal('elsewhere');
    const error = await failure('conflict', drive.write(stack, before, after, look));
    expect(error.message).to.contain('create terraform_data.more');
    expect(readFileSync(stack.stateKey, 'utf8')).to.equal(state);
  });

  it('updates only from what the plan was made of', async () => {
    await apply();
    const planned = await drive.difference(stack, desired({ kubernetes_version: '1.35' }));
    const { before = null, after = null } = planned ?? {};
    expect(addresses(after)).to.include('update terraform_data.a');
    expect((await drive.look(stack, before, after)).at).to.equal('before');
    await apply({ kubernetes_version: '1.36' });
    expect((await drive.look(stack, before, after)).at).to.equal('elsewhere');
  });

  it('destroys the whole stack, with the variables it was made from', async () => {
    await apply();
    const planned = await drive.difference(stack, null);
    const { before = null, after = null } = planned ?? {};
    expect(after).to.equal(null);
    await drive.write(stack, before, after);
    expect((await drive.look(stack, before, after)).at).to.equal('after');
    expect(await drive.difference(stack, null)).to.equal(null);
    expect(await drive.now(stack)).to.equal(null);
  });

  it('does not destroy what came after the approval', async () => {
    await apply();
    const planned = await drive.difference(stack, null);
    writeFileSync(join(folder, 'module', 'more.tf'), 'resource "terraform_data" "more" {}');
    await apply();
    expect((await drive.look(stack, planned?.before ?? null, null)).at).to.equal('elsewhere');
  });

  it('belongs to the run whose id its state carries', async () => {
    expect(await drive.owner(stack)).to.deep.equal({ kind: 'run', run: 'drill-1' });
    expect(await drive.owner({ ...stack, stateKey: join(folder, 'drill-10.tfstate') })).to.deep.include({ kind: 'other' });
  });

  it('refuses variables that the module does not declare', async () => {
    const error = await failure('input-invalid', drive.difference(stack, desired({ nodes: 3 })));
    expect(error.message).to.contain('nodes');
  });

  it('calls a mistake in the module what it is', async () => {
    writeFileSync(join(folder, 'module', 'more.tf'), 'resource "terraform_data" "more" { input = var.nowhere }');
    await failure('input-invalid', drive.difference(stack, desired()));
    expect((await terraform.validate(stack))[0]).to.deep.include({ severity: 'error', where: 'more.tf:1' });
  });
});

function addresses(state: Json): string[] {
  if (!isJsonObject(state)) return [];
  const { resources, outputs } = state as {
    readonly resources: readonly { address: string; action: string }[];
    readonly outputs: readonly { name: string; action: string }[];
  };
  return [
    ...resources.map(({ address, action }) => `${action} ${address}`),
    ...outputs.map(({ name, action }) => `${action} output.${name}`),
  ];
}

function logInto(lines: string[]): Log {
  const write = (message: string): void => {
    lines.push(message);
  };
  return { debug: write, info: write, warn: write, error: write };
}
