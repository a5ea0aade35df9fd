import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { holderOf } from '../../../steps/clients/terraform-cache.ts';
import { planDocument } from '../../../steps/clients/terraform-types.ts';
import { refuseBadVariables } from '../../../steps/clients/terraform-variables.ts';
import { failure } from '../../failure.ts';
import { type FakeTerraform, fakeTerraform, planJson, STACK } from './fake-terraform.ts';

const VARIABLES = { cluster_name: 'shop-drill-1', token: 'a-value-of-the-estate' };
const REQUEST = { variables: VARIABLES, destroy: false };

/** What Terraform puts before each line of an error for people. */
const FRAME = '\u001b[31m│\u001b[0m \u001b[0m';
const LOCKED = `
Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error StatusCode: 412
Lock Info:
  ID:        250441c6-ff9a-087a-a089-9ef3145ae9d5
  Path:      state/eks-dr/drill-1.tfstate
  Operation: OperationTypeApply
  Who:       alice@laptop
  Version:   1.11.4
  Created:   2026-11-24 03:00:38.885991844 +0000 UTC
  Info:      
`;

describe('the Terraform client', () => {
  let fake: FakeTerraform;

  beforeEach(() => {
    fake = fakeTerraform();
    fake.answer('show', { stdout: planJson() });
  });
  afterEach(() => fake.remove());

  it('hands variables over in a private file, never as arguments, and removes it', async () => {
    await fake.connect().plan(STACK, REQUEST);
    const [call] = fake.calls('plan');
    const [path, file] = Object.entries(call?.files ?? {}).find(([name]) => name.endsWith('.tfvars.json')) ?? [];
    expect(JSON.parse(file?.text ?? '')).to.deep.equal(VARIABLES);
    expect(file?.mode).to.equal('600');
    expect(existsSync(path ?? '')).to.equal(false);
    expect(call?.args.join(' ')).not.to.contain('a-value-of-the-estate');
  });

  it('works in a private folder outside the module and leaves the module as it was', async () => {
    await fake.connect().plan(STACK, REQUEST);
    const { env, cwd } = fake.calls('plan')[0] ?? {};
    expect(cwd).to.equal(fake.module);
    expect(env?.TF_DATA_DIR).not.to.contain(fake.module);
    expect((statSync(join(env?.TF_DATA_DIR ?? '', '..')).mode & 0o777).toString(8)).to.equal('700');
    expect(readdirSync(fake.module)).to.deep.equal([]);
  });

  it('passes on AWS_* and TF_*, but nothing that belongs to other systems or would change the command', async () => {
    const environment = {
      AWS_PROFILE: 'dr',
      TF_VAR_db_password: 'x',
      HTTPS_PROXY: 'http://proxy:3128',
      GITLAB_TOKEN: 'secret',
      ARGOCD_AUTH_TOKEN: 'secret',
      TF_LOG: 'trace',
      TF_CLI_ARGS_plan: '-refresh=false',
      TF_WORKSPACE: 'other',
    };
    await fake.connect({ environment }).plan(STACK, REQUEST);
    const { env = {} } = fake.calls('plan')[0] ?? {};
    expect(env).to.include({
      AWS_PROFILE: 'dr',
      TF_VAR_db_password: 'x',
      HTTPS_PROXY: 'http://proxy:3128',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
    });
    expect(env).not.to.have.any.keys('GITLAB_TOKEN', 'ARGOCD_AUTH_TOKEN', 'TF_LOG', 'TF_CLI_ARGS_plan', 'TF_WORKSPACE', 'EKS_DR_TERRAFORM');
  });

  it('initialises the backend once, with the run in the key of the state', async () => {
    const terraform = fake.connect();
    await terraform.plan(STACK, REQUEST);
    await terraform.plan(STACK, REQUEST);
    const calls = fake.calls('init');
    expect(calls).to.have.length(1);
    const [file] = Object.values(calls[0]?.files ?? {});
    expect(file?.text).to.contain('key = "eks-dr/drill-1.tfstate"\n');
    expect(file?.mode).to.equal('600');
  });

  it('asks for the committed lock file of the providers to be kept', async () => {
    writeFileSync(join(fake.module, '.terraform.lock.hcl'), '');
    await fake.connect().plan(STACK, REQUEST);
    expect(fake.calls('init')[0]?.args).to.include('-lockfile=readonly');
  });

  it('applies the very file that it planned and checked, then deletes it', async () => {
    await fake.connect().apply(STACK, REQUEST, () => undefined);
    const planned =
      fake
        .calls('plan')[0]
        ?.args.find((arg) => arg.startsWith('-out='))
        ?.slice('-out='.length) ?? '';
    expect(fake.calls('apply')[0]?.args.at(-1)).to.equal(planned);
    expect(existsSync(planned)).to.equal(false);
  });

  it('applies nothing when the check throws', async () => {
    const refuse = (): void => {
      throw new Error('not approved');
    };
    await fake
      .connect()
      .apply(STACK, REQUEST, refuse)
      .then(
        () => expect.fail('it was applied'),
        () => undefined,
      );
    expect(fake.calls('apply')).to.deep.equal([]);
  });

  it('tells the log what Terraform tells, one line each, and never what a plan holds', async () => {
    const progress = { '@level': 'info', '@message': 'aws_vpc.this: Creating...', type: 'apply_start', hook: { action: 'create' } };
    fake.answer('apply', { stdout: `${JSON.stringify(progress)}\n` });
    fake.answer('show', { stdout: planJson({ variables: { password: { value: 'hunter22' } } }) });
    await fake.connect().apply(STACK, REQUEST, () => undefined);
    expect(fake.lines).to.include('info: aws_vpc.this: Creating...');
    expect(fake.lines.join('\n')).not.to.contain('hunter22');
  });

  it('says how to get the program when it is missing', async () => {
    const error = await failure('program-missing', fake.connect({ program: join(fake.folder, 'nowhere') }).version());
    expect(error.message).to.contain('it was not found');
  });

  it('reads the version of the program', async () => {
    fake.answer('version', { stdout: '{"terraform_version":"1.11.4"}' });
    expect(await fake.connect().version()).to.equal('1.11.4');
  });

  it('calls an answer that is no JSON what it is, without quoting it', async () => {
    fake.answer('show', { stdout: 'hunter22' });
    const error = await failure('remote-answer-invalid', fake.connect().plan(STACK, REQUEST));
    expect(error.message).not.to.contain('hunter22');
  });

  it('refuses a directory that does not exist', async () => {
    await failure('estate-invalid', fake.connect().plan({ ...STACK, directory: 'elsewhere' }, REQUEST));
  });

  const said: readonly (readonly [string, Parameters<typeof failure>[0], string])[] = [
    ['missing credentials', 'credentials-missing', 'Error: No valid credential sources found\n\nPlease see the documentation.'],
    ['a refused permission', 'permission-denied', 'Error: Error refreshing state: AccessDenied: not authorized to perform: s3:GetObject'],
    [
      'a registry out of reach',
      'remote-unavailable',
      'Error: Failed to query available provider packages\n\ncould not connect to the registry',
    ],
    [
      'a backend that was filled in wrongly',
      'input-invalid',
      'Error: Invalid backend configuration argument\n\nThe backend configuration argument "buket" is not expected.',
    ],
    ['a bucket that is not there', 'input-invalid', 'Error: S3 bucket "shop" does not exist.'],
    [
      'a lock file for another platform',
      'input-invalid',
      "Error: Failed to install provider\n\nthe local package doesn't match any of the checksums previously recorded in the dependency lock file",
    ],
    [
      'an object that is there already',
      'conflict',
      "Error: creating EC2 Subnet: api error InvalidSubnet.Conflict: The CIDR '10.40.0.0/19' conflicts with another subnet",
    ],
    ['what is broken into lines', 'remote-unavailable', 'Error: Failed to load state\n\nread 10.0.0.9: connection\nreset by peer'],
    ['anything else', 'program-failed', 'Error: Unheard of\n\nSomething new.'],
  ];
  for (const [what, code, stderr] of said) {
    it(`tells ${what} apart`, async () => {
      fake.answer('init', { code: 1, stderr: stderr.replaceAll(/^/gm, '│ ') });
      const error = await failure(code, fake.connect().plan(STACK, REQUEST));
      expect(error.message).to.contain(stderr.split('\n')[0]?.replace('Error: ', ''));
    });
  }

  it('reads what Terraform says in colours', async () => {
    const stderr = `${FRAME}\u001b[1m\u001b[31mError: \u001b[0m\u001b[0m\u001b[1mFailed to load state\u001b[0m\n${FRAME}\n${FRAME}connection\n${FRAME}reset by peer`;
    fake.answer('show', { code: 1, stderr });
    const error = await failure('remote-unavailable', fake.connect().plan(STACK, REQUEST));
    expect(error.message).to.contain('Failed to load state').and.not.contain('\u001b');
  });

  it('tries a failed initialisation again', async () => {
    fake.answer('init', { code: 1, stderr: 'Error: Unheard of' });
    const terraform = fake.connect();
    await failure('program-failed', terraform.plan(STACK, REQUEST));
    fake.answer('init', {});
    await terraform.plan(STACK, REQUEST);
  });

  it('quotes the diagnostics of the machine-readable output', async () => {
    const diagnostic = {
      severity: 'error',
      summary: 'creating EKS Cluster',
      detail: 'LimitExceeded: no more',
      address: 'aws_eks_cluster.this',
    };
    fake.answer('apply', {
      code: 1,
      stdout: `${JSON.stringify({ '@level': 'error', '@message': 'Error', type: 'diagnostic', diagnostic })}\n`,
    });
    const error = await failure(
      'program-failed',
      fake.connect().apply(STACK, REQUEST, () => undefined),
    );
    expect(error.message).to.contain('aws_eks_cluster.this: creating EKS Cluster: LimitExceeded: no more');
  });

  it('lets what holds the lock of the state go on to its end if the step is killed, and keeps values out of files', async () => {
    fake.answer('apply', {
      stdout: `${JSON.stringify({ '@level': 'info', '@message': 'aws_vpc.this: Creating...', type: 'apply_start' })}\n`,
    });
    const terraform = fake.connect();
    await terraform.lock(STACK);
    await terraform.apply(STACK, REQUEST, () => undefined);
    const writes = (command: string): boolean | undefined => fake.calls(command)[0]?.intoFile;
    expect([writes('untaint'), writes('apply'), writes('show')]).to.deep.equal([true, true, false]);
    expect(fake.lines).to.include('info: aws_vpc.this: Creating...');
  });

  describe('on a held lock', () => {
    it('names the holder, the lock and the moment', async () => {
      fake.answer('apply', { code: 1, stderr: LOCKED });
      const error = await failure(
        'conflict',
        fake.connect().apply(STACK, REQUEST, () => undefined),
      );
      expect(error.message)
        .to.contain('alice@laptop')
        .and.to.contain('2026-11-24 03:00:38')
        .and.to.contain('250441c6-ff9a-087a-a089-9ef3145ae9d5');
    });

    it('does not take a stranger for a dead process of its own', async () => {
      fake.answer('untaint', { code: 1, stderr: LOCKED });
      expect(await fake.connect().lock(STACK)).to.deep.include({ who: 'alice@laptop', holder: 'other' });
      await failure('conflict', fake.connect().unlock(STACK, '250441c6-ff9a-087a-a089-9ef3145ae9d5'));
      expect(fake.calls('force-unlock')).to.deep.equal([]);
    });

    it('breaks exactly the lock that a person declares dead', async () => {
      fake.answer('untaint', { code: 1, stderr: LOCKED });
      const terraform = fake.connect({ environment: { EKS_DR_BREAK_LOCK: '250441c6-ff9a-087a-a089-9ef3145ae9d5' } });
      expect(await terraform.lock(STACK)).to.deep.include({ holder: 'own-dead' });
      await failure('conflict', terraform.unlock(STACK, 'another-lock'));
      await terraform.unlock(STACK, '250441c6-ff9a-087a-a089-9ef3145ae9d5');
      expect(fake.calls('force-unlock')[0]?.args).to.deep.equal(['force-unlock', '-force', '250441c6-ff9a-087a-a089-9ef3145ae9d5']);
    });

    it('is freed at once where a killed probe of its own left it, which guards nothing', async () => {
      const id = '250441c6-ff9a-087a-a089-9ef3145ae9d5';
      fake.answer('untaint', { code: 1, stderr: LOCKED.replace('OperationTypeApply', 'untaint') });
      await fake.connect().lock(STACK);
      expect(fake.calls('force-unlock'), "a stranger's").to.deep.equal([]);
      await fake.connect({ environment: { EKS_DR_BREAK_LOCK: id } }).lock(STACK);
      expect(fake.calls('force-unlock').map(({ args }) => args)).to.deep.equal([['force-unlock', '-force', id]]);
      expect(fake.calls('untaint')).to.have.length(3);
      expect(fake.lines.join('\n')).to.contain('freeing the lock that a killed command of ours left');
    });

    it('is looked at once more where it was given back before its holder could be read', async () => {
      const gone =
        'Error: Error acquiring the state lock\n\nError message: operation error S3: PutObject, StatusCode: 412, api error PreconditionFailed: no\nunable to retrieve file from S3 bucket';
      fake.answer('untaint', { code: 1, stderr: gone });
      await failure('program-failed', fake.connect().lock(STACK));
      expect(fake.calls('untaint')).to.have.length(2);
    });

    it('has none when the probe goes through', async () => {
      expect(await fake.connect().lock(STACK)).to.equal(null);
    });

    const me = `${userInfo().username}@${hostname()}`;
    const lock = { id: 'x', who: me, operation: 'OperationTypeApply', created: '2026-11-24 03:00:38.885991844 +0000 UTC' };
    const marker = { who: me, pids: [1], since: '2026-11-24T03:00:30.000Z' };

    it('is its own only where an apply on this machine was left unfinished and nothing of it lives', () => {
      expect(holderOf(lock, [marker], undefined, () => false)).to.equal('own-dead');
      expect(holderOf(lock, [marker], undefined, () => true)).to.equal('own-alive');
      expect(holderOf(lock, [], undefined, () => false)).to.equal('other');
      expect(holderOf({ ...lock, who: 'root@agent-7' }, [marker], undefined, () => false)).to.equal('other');
      expect(holderOf({ ...lock, created: '2026-11-24 01:00:00 +0000 UTC' }, [marker], undefined, () => false)).to.equal('other');
    });

    it('is not its own dead while one of several processes that could hold it lives', () => {
      const other = { ...marker, pids: [2] };
      expect(holderOf(lock, [marker, other], undefined, (pid) => pid === 2)).to.equal('own-alive');
    });

    const mine = LOCKED.replace('alice@laptop', me).replace('2026-11-24 03:00:38', '2126-11-24 03:00:38');

    it('is its own dead where a command ended and could not free it', async () => {
      fake.answer('apply', { code: 1, stderr: 'Error: Error releasing the state lock\n\nError message: ExpiredToken' });
      fake.answer('untaint', { code: 1, stderr: mine });
      const terraform = fake.connect();
      expect(await terraform.lock(STACK)).to.deep.include({ holder: 'other' });
      const apply = terraform.apply(STACK, REQUEST, () => undefined);
      await failure('credentials-missing', apply);
      expect(await terraform.lock(STACK)).to.deep.include({ holder: 'own-dead' });
    });

    it('is its own dead where a command met the lock that it had just asked for itself', async () => {
      fake.answer('untaint', { code: 1, stderr: mine.replace('OperationTypeApply', 'untaint') });
      expect(await fake.connect().lock(STACK)).to.deep.include({ holder: 'own-dead' });
    });

    it('is its own dead where the program was killed, whatever command it was at', async () => {
      fake.answer('untaint', { code: 1, stderr: mine });
      expect(await fake.connect().lock(STACK)).to.deep.include({ holder: 'other' });
      for (const command of ['apply', 'untaint']) {
        fake.answer(command, { killed: true });
        const terraform = fake.connect();
        await (command === 'apply' ? terraform.apply(STACK, REQUEST, () => undefined) : terraform.lock(STACK)).catch(() => undefined);
      }
      const folder = join(fake.folder, '.cache', 'eks-dr', 'terraform');
      const markers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lock.json'));
      expect(markers).to.have.length(2);

      fake.answer('untaint', {});
      // This process lives, so its markers stay; those of dead ones go with the lock.
      for (const name of markers) {
        const text = readFileSync(join(folder, name), 'utf8');
        writeFileSync(join(folder, name), text.replace(/"pids":\[[^\]]*\]/, '"pids":[]'));
      }
      await fake.connect().lock(STACK);
      expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lock.json'))).to.deep.equal([]);
    });
  });

  describe('when interrupted', () => {
    const waiting = async (): Promise<number> => {
      const file = join(fake.folder, 'waiting');
      while (!existsSync(file) || readFileSync(file, 'utf8') === '') await delay(20);
      return Number(readFileSync(file, 'utf8'));
    };

    it('interrupts Terraform once, waits until it has saved its state, and says so', async () => {
      fake.answer('apply', { waits: true, code: 1 });
      const controller = new AbortController();
      const applied = fake.connect({ signal: controller.signal }).apply(STACK, REQUEST, () => undefined);
      await waiting();
      controller.abort();
      await failure('interrupted', applied);
      expect(fake.calls('apply')[0]?.signals).to.deep.equal(['SIGINT']);
    });

    it('sends no second interrupt to a Terraform that was told by somebody else', async () => {
      fake.answer('apply', { waits: true, interruptedElsewhere: true, code: 1 });
      const controller = new AbortController();
      const applied = fake.connect({ signal: controller.signal }).apply(STACK, REQUEST, () => undefined);
      const pid = await waiting();
      process.kill(pid, 'SIGTERM');
      await delay(100);
      controller.abort();
      await failure('interrupted', applied);
      expect(fake.calls('apply')[0]?.signals).to.deep.equal([]);
    });

    it('interrupts by itself what takes longer than the estate allows', async () => {
      fake.answer('apply', { waits: true, code: 1 });
      // 40 minutes at this speed are 2.4 seconds.
      const error = await failure(
        'wait-timed-out',
        fake.connect({ scale: 1000 }).apply(STACK, REQUEST, () => undefined),
      );
      expect(error.message).to.contain('40 minutes');
      expect(fake.calls('apply')[0]?.signals).to.deep.equal(['SIGINT']);
    });

    it('starts nothing once it is interrupted', async () => {
      await failure('interrupted', fake.connect({ signal: AbortSignal.abort() }).plan(STACK, REQUEST));
      expect(fake.calls()).to.deep.equal([]);
    });
  });

  describe('with a state that Terraform could not save', () => {
    const kept = (): string[] => {
      const root = join(fake.folder, '.cache', 'eks-dr', 'terraform');
      return readdirSync(root).flatMap((name) => readdirSync(join(root, name)).map((file) => join(root, name, file)));
    };

    it('keeps it in a private folder and pushes it on the next run', async () => {
      fake.answer('apply', { code: 1, stderr: 'Error: Failed to save state', leaves: { 'errored.tfstate': '{"serial":7}' } });
      await failure(
        'program-failed',
        fake.connect().apply(STACK, REQUEST, () => undefined),
      );
      expect(readdirSync(fake.module)).to.deep.equal([]);
      const [file = ''] = kept();
      expect(readFileSync(file, 'utf8')).to.equal('{"serial":7}');
      expect((statSync(file).mode & 0o777).toString(8)).to.equal('600');
      expect(fake.lines.join('\n')).to.contain(file);

      fake.answer('apply', {});
      await fake.connect().plan(STACK, REQUEST);
      expect(fake.calls('state push')[0]?.files[file]?.text).to.equal('{"serial":7}');
      expect(kept()).to.deep.equal([]);
    });

    it('keeps it on when it can not be pushed', async () => {
      fake.answer('apply', { code: 1, stderr: 'Error: Failed to save state', leaves: { 'errored.tfstate': '{}' } });
      await failure(
        'program-failed',
        fake.connect().apply(STACK, REQUEST, () => undefined),
      );
      fake.answer('state push', { code: 1, stderr: LOCKED });
      await failure('conflict', fake.connect().plan(STACK, REQUEST));
      expect(kept()).to.have.length(1);
    });

    it('pushes it before the same process plans again', async () => {
      fake.answer('apply', { code: 1, stderr: 'Error: Failed to save state', leaves: { 'errored.tfstate': '{"serial":9}' } });
      const terraform = fake.connect();
      await failure(
        'program-failed',
        terraform.apply(STACK, REQUEST, () => undefined),
      );
      await Promise.all([terraform.plan(STACK, REQUEST), terraform.lock(STACK)]);
      expect(fake.calls('state push')).to.have.length(1);
      expect(kept()).to.deep.equal([]);
    });

    it('pushes it under the lock that the command could not free either', async () => {
      const stderr = 'Error: Failed to save state\n\nError: Error releasing the state lock';
      fake.answer('apply', { code: 1, stderr, leaves: { 'errored.tfstate': '{}' } });
      await failure(
        'program-failed',
        fake.connect().apply(STACK, REQUEST, () => undefined),
      );
      const me = `${userInfo().username}@${hostname()}`;
      const locked = LOCKED.replace('alice@laptop', me).replace('2026-11-24 03:00:38', '2126-11-24 03:00:38');
      fake.answer('state push', { code: 1, stderr: locked.replaceAll(/^/gm, FRAME) });
      fake.answer('state push -lock=false', {});
      await fake.connect().plan(STACK, REQUEST);
      expect(kept().filter((file) => file.endsWith('.errored.tfstate'))).to.deep.equal([]);
    });

    it('saves the one that a killed process left in the module', async () => {
      writeFileSync(join(fake.module, 'errored.tfstate'), '{"serial":8}');
      await fake.connect().plan(STACK, REQUEST);
      expect(Object.values(fake.calls('state push')[0]?.files ?? {})[0]?.text).to.equal('{"serial":8}');
      expect(readdirSync(fake.module)).to.deep.equal([]);
    });
  });

  describe('given variables', () => {
    it('refuses those that the module does not declare', () => {
      const refused = (): void => refuseBadVariables(planDocument.parse(JSON.parse(planJson())), { cluster_name: 'a', nodes: 3 });
      expect(refused).to.throw('declares no variable nodes');
    });

    it('refuses a sensitive one that stands in the estate', () => {
      const configuration = { root_module: { variables: { password: { sensitive: true } } } };
      const refused = (): void => refuseBadVariables(planDocument.parse(JSON.parse(planJson({ configuration }))), { password: 'x' });
      expect(refused).to.throw('declared sensitive');
    });
  });

  it('knows which state is of its own run', () => {
    const terraform = fake.connect();
    expect(terraform.runOf(STACK)).to.equal('drill-1');
    expect(terraform.runOf({ ...STACK, stateKey: 'eks-dr/drill-10.tfstate' })).to.equal(null);
  });

  it('gives the module the names that only a run knows, over what the estate says', () => {
    expect(fake.connect().variables).to.deep.equal({
      node_count: 3,
      node_instance_type: 'm7i.2xlarge',
      cluster_name: 'shop-drill-1',
      region: 'eu-central-1',
      kubernetes_version: '1.34',
      tags: { 'eks-dr:run': 'drill-1', 'eks-dr:scope': 'drill' },
    });
  });

  it('reports what the module says against itself, with file and line', async () => {
    const diagnostics = [
      {
        severity: 'error',
        summary: 'Unsupported argument',
        detail: 'No such argument.',
        range: { filename: 'main.tf', start: { line: 3 } },
      },
    ];
    fake.answer('validate', { code: 1, stdout: JSON.stringify({ valid: false, diagnostics }) });
    mkdirSync(join(fake.module, 'sub'));
    expect(await fake.connect().validate(STACK)).to.deep.equal([
      { severity: 'error', message: 'Unsupported argument: No such argument.', where: 'main.tf:3' },
    ]);
  });
});
