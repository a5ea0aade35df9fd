import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { elb } from '../../../sandbox/elb/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { kubernetes } from '../../../sandbox/kubernetes/system.ts';
import { s3 } from '../../../sandbox/s3/system.ts';
import { type RunningSandbox, startSandbox } from '../../../sandbox/server.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { type Ended, makeWorkspace, type Workspace } from './workspace.ts';

const bucket = 'shop-terraform-state';
const key = 'eks-dr/r1.tfstate';
const variables = {
  cluster_name: 'shop-dr',
  region: 'eu-central-1',
  kubernetes_version: '1.34',
  tags: { 'eks-dr:run': 'r1', 'eks-dr:scope': 'drill' },
};

describe('sandbox: the terraform stand-in', function () {
  this.timeout(60_000);
  let running: RunningSandbox;
  let workspace: Workspace;

  beforeEach(async () => {
    const world = emptyWorld();
    world.s3.buckets[bucket] = { region: 'eu-central-1', objects: {} };
    running = await startSandbox({ world, scale: 400, systems: [sts, iam, ec2, s3, eks, elb, kubernetes] });
    workspace = await makeWorkspace(running);
    await writeFile(join(workspace.folder, 'run.tfvars.json'), JSON.stringify(variables));
  });
  afterEach(async () => {
    await running.stop();
    await workspace.remove();
  });

  const ok = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await workspace.run(args);
    expect(code, `${args.join(' ')}: ${stdout}\n${stderr}`).to.equal(0);
    return stdout;
  };
  const backend = [
    `-backend-config=bucket=${bucket}`,
    `-backend-config=key=${key}`,
    '-backend-config=region=eu-central-1',
    '-backend-config=use_lockfile=true',
  ];
  const init = () => ok(['init', '-input=false', '-no-color', '-reconfigure', ...backend]);
  const planArgs = (...more: string[]) => ['plan', '-input=false', '-no-color', '-out=run.tfplan', '-var-file=run.tfvars.json', ...more];
  const lines = ({
    stdout,
  }: Pick<Ended, 'stdout'>): { type: string; '@message': string; diagnostic?: { summary: string; detail: string } }[] =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const objects = () => running.sandbox.world.s3.buckets[bucket]?.objects ?? {};
  const lock = (who: string) => {
    const info = {
      ID: 'a-lock',
      Operation: 'OperationTypeApply',
      Info: '',
      Who: who,
      Version: '1.11.4',
      Created: '2026-01-15T03:00:00.000000000Z',
      Path: `${bucket}/${key}`,
    };
    objects()[`${key}.tflock`] = {
      body: Buffer.from(JSON.stringify(info)).toString('base64'),
      etag: 'x',
      contentType: 'application/json',
      metadata: {},
      lastModified: 0,
    };
  };

  it('plans, applies, finds nothing more to do, and destroys', async () => {
    await init();
    const planned = await workspace.run(planArgs('-json', '-detailed-exitcode'));
    expect(planned.code).to.equal(2);
    expect(lines(planned).find(({ type }) => type === 'change_summary')?.['@message']).to.equal(
      'Plan: 19 to add, 0 to change, 0 to destroy.',
    );
    const shown = JSON.parse(await ok(['show', '-json', 'run.tfplan']));
    expect(shown.format_version).to.match(/^1\./);
    const cluster = shown.resource_changes.find(({ address }: { address: string }) => address === 'aws_eks_cluster.this');
    expect(cluster.provider_name).to.equal('registry.terraform.io/hashicorp/aws');
    expect(cluster.change.actions).to.deep.equal(['create']);
    expect(cluster.change.before).to.equal(null);
    expect(cluster.change.after.tags_all).to.deep.equal(variables.tags);
    expect(cluster.change.after_unknown.endpoint).to.equal(true);
    expect(shown.output_changes.vpc_id).to.deep.include({ actions: ['create'], after_unknown: true });
    expect(Object.keys(objects())).to.deep.equal([]);

    const applied = await workspace.run(['apply', '-input=false', '-json', 'run.tfplan']);
    expect(applied.code, applied.stdout + applied.stderr).to.equal(0);
    const messages = lines(applied).map((line) => line['@message']);
    expect(messages).to.include('Apply complete! Resources: 19 added, 0 changed, 0 destroyed.');
    expect(messages.some((message) => /^aws_eks_cluster.this: Still creating... \[\d*m?\d+s elapsed\]$/.test(message))).to.equal(true);
    expect(running.sandbox.world.eks.clusters['eu-central-1/shop-dr']?.status).to.equal('ACTIVE');
    expect(Object.keys(objects())).to.deep.equal([key]);

    const outputs = JSON.parse(await ok(['output', '-json']));
    expect(outputs.cluster_name.value).to.equal('shop-dr');
    expect(outputs.node_role_arn.value).to.equal('arn:aws:iam::111122223333:role/shop-dr-node');
    expect(JSON.parse(await ok(['show', '-json'])).values.root_module.resources).to.have.length(19);
    expect((await ok(['state', 'list'])).trim().split('\n')).to.include('aws_subnet.private["eu-central-1a"]');

    const again = await workspace.run(planArgs('-detailed-exitcode'));
    expect(again.code, again.stdout + again.stderr).to.equal(0);
    expect(again.stdout).to.contain('No changes.');

    await ok(planArgs('-destroy'));
    const destroyed = await workspace.run(['apply', '-input=false', '-json', 'run.tfplan']);
    expect(destroyed.code, destroyed.stdout + destroyed.stderr).to.equal(0);
    expect(running.sandbox.world.eks.clusters).to.deep.equal({});
    expect(Object.values(running.sandbox.world.ec2.regions['eu-central-1']?.vpcs ?? {}).map(({ isDefault }) => isDefault)).to.deep.equal([
      true,
    ]);
    expect(JSON.parse(await ok(['show', '-json'])).values).to.equal(undefined);
  });

  it('gives up waiting on an interrupt, saves what is in creation as tainted, and once it is untainted goes on from there', async () => {
    await init();
    await ok(planArgs());
    const interrupted = await workspace.run(['apply', '-input=false', '-json', 'run.tfplan'], {
      interruptAt: /aws_eks_cluster.this: Still creating/,
    });
    expect(interrupted.code).to.equal(1);
    expect(interrupted.stdout).to.contain('Interrupt received.');
    expect(await ok(['state', 'list']))
      .to.contain('aws_eks_cluster.this')
      .and.not.contain('aws_eks_node_group.base');
    expect(interrupted.stdout).to.contain('context canceled');
    expect(Object.keys(objects())).to.deep.equal([key]);
    const stale = await workspace.run(['apply', '-input=false', '-json', 'run.tfplan']);
    expect(stale.stdout).to.contain('Saved plan is stale');
    const replacing = await workspace.run(planArgs('-json'));
    expect(replacing.stdout).to.contain('Plan: 6 to add, 0 to change, 1 to destroy.');
    await ok(['untaint', '-no-color', 'aws_eks_cluster.this']);
    const planned = await workspace.run(planArgs('-json'));
    expect(planned.stdout).to.contain('Plan: 5 to add, 0 to change, 0 to destroy.');
    while (running.sandbox.world.eks.clusters['eu-central-1/shop-dr']?.status !== 'ACTIVE') await delay(10);
    await ok(['apply', '-input=false', '-json', 'run.tfplan']);
  });

  it('shows drift: what is gone is planned anew, changed tags are put back', async () => {
    await init();
    await ok(['apply', '-input=false', '-auto-approve', '-var-file=run.tfvars.json']);
    const { world } = running.sandbox;
    const vpc = Object.values(world.ec2.regions['eu-central-1']?.vpcs ?? {}).find(({ isDefault }) => !isDefault);
    if (!vpc) throw new Error('The stack has made no VPC.');
    vpc.tags['eks-dr:run'] = 'other';
    const role = world.iam.roles['shop-dr-node'];
    if (!role) throw new Error('The stack has made no role.');
    role.attached = role.attached.slice(1);
    const planned = await workspace.run(planArgs('-json'));
    expect(planned.stdout).to.contain('aws_vpc.this: Drift detected (update)');
    expect(planned.stdout).to.contain('Plan: 1 to add, 1 to change, 0 to destroy.');
    await ok(['apply', '-input=false', 'run.tfplan']);
    expect(vpc.tags['eks-dr:run']).to.equal('r1');
  });

  it('names the holder of the lock, waits for it, and breaks it by its id only', async () => {
    await init();
    lock('somebody@agent-7');
    const refused = await workspace.run(planArgs());
    expect(refused.code).to.equal(1);
    for (const words of [
      'Error acquiring the state lock',
      'ID:        a-lock',
      'Who:       somebody@agent-7',
      'Created:   2026-01-15 03:00:00.000000000 +0000 UTC',
    ]) {
      expect(refused.stderr).to.contain(words);
    }
    const probed = await workspace.run(['untaint', '-no-color', '-allow-missing', '-lock-timeout=3s', 'terraform_data.probe']);
    expect(probed.code).to.equal(1);
    expect((await workspace.run(['force-unlock', '-force', 'other'])).code).to.equal(1);
    await ok(['force-unlock', '-force', 'a-lock']);
    await ok(['untaint', '-no-color', '-allow-missing', 'terraform_data.probe']);
    await ok(planArgs('-lock-timeout=10s'));
  });

  it('refuses a missing variable and an unknown one, and warns of an unknown one in a file', async () => {
    await init();
    await writeFile(join(workspace.folder, 'few.tfvars.json'), JSON.stringify({ cluster_name: 'a', colour: 'red' }));
    const missing = await workspace.run(['plan', '-input=false', '-var-file=few.tfvars.json']);
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.contain('No value for required variable').and.contain('"kubernetes_version"');
    const unknown = await workspace.run(planArgs('-var=colour=red'));
    expect(unknown.code).to.equal(1);
    expect(unknown.stderr).to.contain('Value for undeclared variable');
    await writeFile(join(workspace.folder, 'more.tfvars.json'), JSON.stringify({ colour: 'red' }));
    expect(await ok(planArgs('-var-file=more.tfvars.json'))).to.contain('Value for undeclared variable');
  });

  it("keeps a state that it can't save in errored.tfstate, which can be pushed later", async () => {
    await init();
    await ok(planArgs());
    running.faults.add({
      system: 's3',
      operation: `PUT /${bucket}/${key}`,
      times: 'always',
      effect: { status: 403, code: 'AccessDenied' },
    });
    const failed = await workspace.run(['apply', '-input=false', '-json', 'run.tfplan']);
    expect(failed.code).to.equal(1);
    expect(lines(failed).some(({ diagnostic }) => diagnostic?.summary === 'Failed to persist state to backend')).to.equal(true);
    const errored = join(workspace.folder, 'errored.tfstate');
    expect(existsSync(errored)).to.equal(true);
    expect(JSON.parse(await readFile(errored, 'utf8')).resources).to.have.length.above(5);
    running.faults.clear();
    await ok(['state', 'push', 'errored.tfstate']);
    expect((await workspace.run(planArgs('-detailed-exitcode'))).code).to.equal(0);
  });

  it('keeps what it created when a later step fails, and says which resource it was', async () => {
    await init();
    await ok(planArgs());
    running.faults.add({
      system: 'eks',
      operation: 'eks:CreateNodegroup',
      times: 'always',
      effect: { status: 400, code: 'InvalidParameterException', message: 'Bad subnets' },
    });
    const failed = await workspace.run(['apply', '-input=false', '-json', 'run.tfplan']);
    expect(failed.code).to.equal(1);
    const diagnostic = lines(failed).find((line) => line.diagnostic)?.diagnostic;
    expect(diagnostic).to.deep.include({ address: 'aws_eks_node_group.base' });
    expect(diagnostic?.summary).to.contain('InvalidParameterException: Bad subnets');
    running.faults.clear();
    expect((await workspace.run(planArgs('-json'))).stdout).to.contain('Plan: 2 to add, 0 to change, 0 to destroy.');
  });

  it('says what init, validate and an unknown command need', async () => {
    expect(JSON.parse(await ok(['version', '-json'])).terraform_version).to.match(/^1\.\d+\.\d+$/);
    expect((await workspace.run(planArgs())).stderr).to.contain('Backend initialization required');
    const noBucket = await workspace.run(['init', '-input=false', ...backend.map((each) => each.replace(bucket, 'no-such-bucket'))]);
    expect(noBucket.stderr).to.contain('S3 bucket "no-such-bucket" does not exist');
    expect((await workspace.run(['init', '-input=false', ...backend.filter((each) => !each.includes('region='))])).stderr).to.contain(
      'The attribute "region" is required',
    );
    expect((await workspace.run(['init', '-lockfile=readonly', ...backend])).stderr).to.contain('Provider dependency changes detected');
    expect(JSON.parse(await ok(['validate', '-json']))).to.deep.include({ valid: true, error_count: 0 });
    await writeFile(join(workspace.folder, 'bad.tf'), 'resource "a" "b" {\n');
    expect((await workspace.run(['validate', '-json'])).code).to.equal(1);
    expect((await workspace.run(['frobnicate'])).code).to.equal(1);
    expect((await workspace.run(['plan', '-frobnicate'])).stderr).to.contain('flag provided but not defined: -frobnicate');
  });
});
