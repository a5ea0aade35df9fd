import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, GetRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import { createZone } from '../../sandbox/route53/zones.ts';
import type { RunningSandbox } from '../../sandbox/server.ts';
import type { System } from '../../sandbox/system.ts';
import { emptyVault } from '../../sandbox/vault/state.ts';
import { vault } from '../../sandbox/vault/system.ts';
import { awsWorld, clientConfig, errorOf, startAwsSandbox } from './aws-sandbox.ts';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const createRole = (RoleName: string) => new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust });

/** A system behind the Kubernetes port that streams until the client or the sandbox goes. */
const streaming: System = {
  name: 'streaming',
  port: 'kubernetes',
  operation: () => 'GET /stream',
  mutates: () => false,
  handle: () => ({
    status: 200,
    async *body(signal) {
      yield 'first\n';
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  }),
  dump: () => ({}),
};

interface ControlBody {
  readonly scale: number;
  readonly now: string;
  readonly requests: readonly { readonly operation: string; readonly status: number }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly Readonly<Record<string, unknown>>[];
}

describe('sandbox: the server', () => {
  let running: RunningSandbox | null = null;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-server-'));
  });
  afterEach(async () => {
    await running?.stop();
    running = null;
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (options: Parameters<typeof startAwsSandbox>[0] = {}): Promise<RunningSandbox> => {
    running = await startAwsSandbox(options);
    return running;
  };
  const control = async (sandbox: RunningSandbox, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${sandbox.addresses.control}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as ControlBody };
  };

  it('says that it is there, what time it is, and what it serves', async () => {
    const sandbox = await start({ scale: 40 });
    expect((await control(sandbox, 'GET', 'health')).body).to.deep.equal({ status: 'ok', systems: ['sts', 'iam', 'ec2', 's3', 'route53'] });
    const clock = (await control(sandbox, 'GET', 'clock')).body;
    expect(clock.scale).to.equal(40);
    expect(clock.now).to.match(/^2026-01-15T/);
    expect((await control(sandbox, 'GET', 'nothing')).status).to.equal(404);
  });

  it('serves Kubernetes over TLS with a certificate that its CA has signed', async () => {
    const sandbox = await start({ systems: [streaming] });
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = sandbox.addresses.kubernetes.replace('127.0.0.1', host);
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const call = request(
          url,
          { ca: sandbox.sandbox.ca, lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
          (response) => {
            resolve(response.statusCode);
            response.destroy();
          },
        );
        call.on('error', reject).end();
      });
      expect(status).to.equal(200);
    }
  });

  it('stops while a stream and idle connections are open', async () => {
    const sandbox = await start({ systems: [streaming] });
    const ended = new Promise<string>((resolve, reject) => {
      const call = request(sandbox.addresses.kubernetes, { ca: sandbox.sandbox.ca }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          void sandbox.stop();
        });
        response.on('close', () => resolve(text));
      });
      call.on('error', reject).end();
    });
    expect(await ended).to.equal('first\n');
    running = null;
  });

  it('logs mutating requests with their operations and results', async () => {
    const sandbox = await start();
    const iam = new IAMClient(clientConfig(sandbox));
    await iam.send(createRole('one'));
    await errorOf(iam.send(createRole('one')));
    await iam.send(new GetRoleCommand({ RoleName: 'one' }));
    const { requests, counts } = (await control(sandbox, 'GET', 'requests')).body;
    expect(requests.map(({ operation, status }) => [operation, status])).to.deep.equal([
      ['iam:CreateRole', 200],
      ['iam:CreateRole', 409],
    ]);
    expect(counts).to.deep.equal({ 'iam:CreateRole': 2 });
    expect(sandbox.requests.counts()).to.deep.equal([
      { system: 'iam', operation: 'iam:CreateRole', mutates: true, count: 2 },
      { system: 'iam', operation: 'iam:GetRole', mutates: false, count: 1 },
    ]);
  });

  it('dumps the same for two worlds that made the same things in another order', async () => {
    const dump = async (names: readonly string[]): Promise<unknown> => {
      const sandbox = await startAwsSandbox();
      const iam = new IAMClient(clientConfig(sandbox));
      for (const name of names) await iam.send(createRole(name));
      for (const name of [...names].sort()) createZone(sandbox.sandbox.world, { name: `${name}.example.com` });
      const { body } = await control(sandbox, 'GET', 'dump');
      await sandbox.stop();
      return body;
    };
    expect(await dump(['a', 'b'])).to.deep.equal(await dump(['b', 'a']));
    expect(await dump(['a', 'b'])).to.not.deep.equal(await dump(['a', 'c']));
  });

  describe('with a world file', () => {
    it('comes back with the same things, addresses, certificate and a clock that goes on', async () => {
      const worldFile = join(folder, 'world.json');
      const first = await start({ worldFile });
      await new IAMClient(clientConfig(first)).send(createRole('kept'));
      const { addresses } = first;
      const { ca } = first.sandbox;
      await first.stop();
      const stoppedAt = JSON.parse(await readFile(worldFile, 'utf8')).clock;
      const second = await start({ worldFile, world: awsWorld() });
      expect(second.addresses).to.deep.equal(addresses);
      expect(second.sandbox.ca).to.equal(ca);
      expect(second.sandbox.clock.now()).to.be.at.least(stoppedAt);
      const { Role: role } = await new IAMClient(clientConfig(second)).send(new GetRoleCommand({ RoleName: 'kept' }));
      expect(role?.RoleName).to.equal('kept');
    });

    it('saves by itself soon after a change, and at once when asked', async () => {
      const worldFile = join(folder, 'world.json');
      const sandbox = await start({ worldFile });
      await new IAMClient(clientConfig(sandbox)).send(createRole('kept'));
      expect((await control(sandbox, 'POST', 'save')).body).to.deep.equal({ saved: true });
      expect(JSON.parse(await readFile(worldFile, 'utf8')).iam.roles).to.have.property('kept');
      await sandbox.stop();
      const without = await start();
      expect((await control(without, 'POST', 'save')).status).to.equal(409);
    });

    it('says so when a saved port is taken, or the file is no world', async () => {
      const worldFile = join(folder, 'world.json');
      const first = await start({ worldFile });
      const port = Number(new URL(first.addresses.gitlab).port);
      await first.stop();
      const squatter = createServer();
      await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
      const taken = await errorOf(startAwsSandbox({ worldFile }));
      await new Promise((resolve) => squatter.close(resolve));
      expect(taken.message).to.contain(`Port ${port} on 127.0.0.1 is in use`);
      await writeFile(worldFile, '[]');
      expect((await errorOf(startAwsSandbox({ worldFile }))).message).to.contain('is not a saved sandbox world');
    });
  });

  describe('with fault rules', () => {
    it("gives the vendor's error to the nth matching request only", async () => {
      const sandbox = await start();
      const iam = new IAMClient(clientConfig(sandbox));
      const rule = { system: 'iam', operation: 'iam:List*', nth: 2, effect: { status: 500, code: 'ServiceFailure', message: 'Down' } };
      expect((await control(sandbox, 'POST', 'faults', rule)).status).to.equal(201);
      await iam.send(new ListRolesCommand({}));
      const error = await errorOf(iam.send(new ListRolesCommand({})));
      expect(error.name).to.match(/^ServiceFailure/);
      await iam.send(new ListRolesCommand({}));
      expect((await control(sandbox, 'GET', 'faults')).body.faults[0]).to.deep.include({ matched: 3, applied: 1 });
    });

    it('cuts the connection before or after the request has its effect', async () => {
      const sandbox = await start();
      const iam = new IAMClient(clientConfig(sandbox));
      sandbox.faults.add({ system: 'iam', operation: 'iam:CreateRole', effect: 'cut-before' });
      await errorOf(iam.send(createRole('before')));
      expect(sandbox.sandbox.world.iam.roles).to.not.have.property('before');
      sandbox.faults.clear();
      sandbox.faults.add({ system: 'iam', operation: 'iam:CreateRole', effect: 'cut-after' });
      await errorOf(iam.send(createRole('after')));
      expect(sandbox.sandbox.world.iam.roles).to.have.property('after');
      expect(sandbox.requests.list().map(({ status }) => status)).to.deep.equal([null, 200]);
    });

    it('leaves the client without an answer before or after the request has its effect', async () => {
      const sandbox = await start();
      for (const effect of ['hang-before', 'hang-after'] as const) {
        const gone = new AbortController();
        const rule = sandbox.faults.add({ system: 'iam', operation: 'iam:CreateRole', effect });
        const call = errorOf(new IAMClient(clientConfig(sandbox)).send(createRole(effect), { abortSignal: gone.signal }));
        while (rule.applied === 0 || (effect === 'hang-after' && sandbox.requests.list().at(-1)?.status === null)) await delay(2);
        gone.abort();
        expect((await call).name).to.equal('AbortError');
        sandbox.faults.clear();
      }
      expect(Object.keys(sandbox.sandbox.world.iam.roles)).to.include('hang-after').and.not.include('hang-before');
      expect(sandbox.requests.list().map(({ status }) => status)).to.deep.equal([null, 200]);
    });

    it('counts and meets only changing requests when asked to', async () => {
      const sandbox = await start();
      const iam = new IAMClient(clientConfig(sandbox));
      const effect = { status: 500, code: 'ServiceFailure' };
      await control(sandbox, 'POST', 'faults', { system: '*', operation: '*', mutating: true, nth: 2, effect });
      await iam.send(new ListRolesCommand({}));
      await iam.send(createRole('first'));
      await iam.send(new ListRolesCommand({}));
      expect((await errorOf(iam.send(createRole('second')))).name).to.match(/^ServiceFailure/);
      expect(sandbox.faults.list()[0]).to.deep.include({ matched: 2, applied: 1 });
    });

    it('throttles in the words of the service, and lets a retrying client through', async () => {
      const sandbox = await start();
      sandbox.faults.add({ system: 'route53', operation: '*', effect: 'throttle', times: 2 });
      const impatient = await errorOf(new Route53Client(clientConfig(sandbox)).send(new ListHostedZonesCommand({})));
      expect(impatient.name).to.equal('Throttling');
      expect(impatient.$metadata?.httpStatusCode).to.equal(400);
      await new Route53Client(clientConfig(sandbox, { maxAttempts: 3 })).send(new ListHostedZonesCommand({}));
    });

    it('loses a region and leaves the others alone', async () => {
      const sandbox = await start();
      sandbox.faults.add({ system: '*', operation: '*', region: 'eu-west-1', times: 'always', effect: 'cut-before' });
      await errorOf(new IAMClient({ ...clientConfig(sandbox), region: 'eu-west-1' }).send(new ListRolesCommand({})));
      await new IAMClient({ ...clientConfig(sandbox), region: 'eu-central-1' }).send(new ListRolesCommand({}));
      expect(sandbox.sandbox.cutOff({ region: 'eu-west-1', cluster: 'shop-prod' })).to.equal(true);
      expect(sandbox.sandbox.cutOff({ region: 'eu-central-1', cluster: 'shop-prod' })).to.equal(false);
      expect(sandbox.faults.list()[0]).to.deep.include({ matched: 1, applied: 1 });
    });

    it('lets systems reach each other until a rule is in force, and whoever else has lost his credentials', async () => {
      const sandbox = await start();
      const cluster = { region: 'eu-west-1', cluster: 'shop-prod' };
      sandbox.faults.add({ system: 'kubernetes', operation: '*', times: 'always', effect: 'expired-credentials' });
      sandbox.faults.add({ system: '*', operation: '*', nth: 2, times: 'always', effect: 'cut-before' });
      expect(sandbox.sandbox.cutOff(cluster)).to.equal(false);
      await new IAMClient({ ...clientConfig(sandbox), region: 'eu-central-1' }).send(new ListRolesCommand({}));
      expect(sandbox.sandbox.cutOff(cluster)).to.equal(true);
    });

    it('answers garbage, and delays', async () => {
      const sandbox = await start({ scale: 1000 });
      const iam = new IAMClient(clientConfig(sandbox));
      sandbox.faults.add({ system: '*', operation: '*', effect: { body: '<html>Bad gateway</html>', status: 502 } });
      expect((await errorOf(iam.send(new ListRolesCommand({})))).$metadata?.httpStatusCode).to.equal(502);
      sandbox.faults.add({ system: '*', operation: '*', effect: { delaySeconds: 20 } });
      const before = sandbox.sandbox.clock.now();
      await iam.send(new ListRolesCommand({}));
      expect(sandbox.sandbox.clock.now() - before).to.be.at.least(19_000);
    });

    it('answers garbage to a request that had its effect all the same', async () => {
      const sandbox = await start();
      const effect = { body: '<CreateRoleResponse><Crea', contentType: 'text/xml', handled: true };
      sandbox.faults.add({ system: 'iam', operation: 'iam:CreateRole', effect });
      await errorOf(new IAMClient(clientConfig(sandbox)).send(createRole('made')));
      expect(sandbox.sandbox.world.iam.roles).to.have.property('made');
    });

    it('lets the credentials of a request expire in the words of the service', async () => {
      const sandbox = await start();
      sandbox.faults.add({ system: '*', operation: '*', times: 'always', effect: 'expired-credentials' });
      const error = await errorOf(new IAMClient(clientConfig(sandbox, { maxAttempts: 3 })).send(createRole('late')));
      expect(error.name).to.equal('ExpiredToken');
      expect(error.$metadata?.httpStatusCode).to.equal(403);
      expect((await errorOf(new EC2Client(clientConfig(sandbox)).send(new DescribeVpcsCommand({})))).name).to.equal('RequestExpired');
      expect(sandbox.sandbox.world.iam.roles).to.not.have.property('late');
    });

    it('tells whether Vault is sealed to those as well whose credentials have expired', async () => {
      const sandbox = await start({ world: { ...awsWorld(), vault: emptyVault() }, systems: [vault] });
      sandbox.faults.add({ system: 'vault', operation: '*', times: 'always', effect: 'expired-credentials' });
      const statusOf = async (path: string) => (await fetch(`${sandbox.addresses.vault}/v1/${path}`)).status;
      expect(await statusOf('sys/health')).to.equal(200);
      expect(await statusOf('sys/auth')).to.equal(403);
    });

    it('refuses what is no rule', async () => {
      const sandbox = await start();
      for (const rule of [
        {},
        { system: 'iam', operation: '*', effect: 'explode' },
        { system: 'iam', operation: '*', effect: 'throttle', nth: 0 },
        { system: 'iam', operation: '*', effect: 'throttle', when: 'now' },
        { system: 'iam', operation: '*', effect: 'throttle', region: 1 },
        { system: 'iam', operation: '*', effect: 'throttle', mutating: 'yes' },
      ]) {
        expect((await control(sandbox, 'POST', 'faults', rule)).status).to.equal(400);
      }
      expect((await control(sandbox, 'DELETE', 'faults')).body).to.deep.equal({ faults: [] });
    });
  });

  it('answers 501 behind a port that has no system, in the words of its vendor', async () => {
    const sandbox = await start();
    const response = await fetch(`${sandbox.addresses.argocd}/api/v1/applications`);
    expect(response.status).to.equal(501);
    expect(await response.json()).to.have.keys('error', 'code', 'message');
  });
});
