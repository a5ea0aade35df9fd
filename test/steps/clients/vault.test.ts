import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { FaultRule } from '../../../sandbox/faults.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { startFullSandbox } from '../../../sandbox/start.ts';
import { shopWorld } from '../../../sandbox/worlds/shop.ts';
import { PRIMARY_MOUNT } from '../../../sandbox/worlds/vault.ts';
import { connectVault, type Vault } from '../../../steps/clients/vault.ts';
import { createClock } from '../../../steps/kit/clock.ts';
import { failure } from '../../failure.ts';
import { estateWith } from '../context.ts';

const SCALE = 60;

describe('the client of Vault', () => {
  let running: RunningSandbox;
  const warnings: string[] = [];

  const connected = (environment: NodeJS.ProcessEnv = {}): Promise<Vault> => {
    const silent = (): void => undefined;
    return connectVault({
      estate: estateWith(),
      environment: { ...running.environment, ...environment },
      clock: createClock(SCALE, Date.now()),
      log: { debug: silent, info: silent, warn: (line) => void warnings.push(line), error: silent },
      signal: new AbortController().signal,
      answerSeconds: 2,
    });
  };
  const failing = (rule: Partial<FaultRule> & Pick<FaultRule, 'effect'>): void =>
    void running.faults.add({ system: 'vault', operation: '*', times: 'always', ...rule });

  before(async () => {
    running = await startFullSandbox({ world: shopWorld({ services: 'small' }), scale: SCALE });
  });
  afterEach(() => {
    running.faults.clear();
    running.sandbox.world.vault.sealed = false;
    warnings.length = 0;
  });
  after(() => running.stop());

  it('reads roles without the fields that may not be written', async () => {
    const vault = await connected();
    const names = await vault.kubernetesRoles(PRIMARY_MOUNT);
    expect(names).to.include('cart-api').and.to.have.length(6);
    const role = await vault.kubernetesRole(PRIMARY_MOUNT, 'cart-api');
    expect(role).to.deep.include({
      bound_service_account_names: ['cart-api'],
      bound_service_account_namespaces: ['cart'],
      token_ttl: 3600,
    });
    expect(await vault.kubernetesRole(PRIMARY_MOUNT, 'nobody')).to.equal(null);
    expect(await vault.kubernetesRoles('kubernetes-shop-none')).to.deep.equal([]);
  });

  it('logs in by AppRole where there is no token', async () => {
    const vault = await connected({ VAULT_TOKEN: '', VAULT_ROLE_ID: 'sandbox-role-id', VAULT_SECRET_ID: 'sandbox-secret-id' });
    expect((await vault.self()).policies).to.deep.equal(['default', 'eks-dr-runner']);
    const error = await failure(
      'remote-refused',
      connected({ VAULT_TOKEN: '', VAULT_ROLE_ID: 'sandbox-role-id', VAULT_SECRET_ID: 'wrong' }),
    );
    expect(error.message).to.contain('auth/approle').and.to.contain('invalid role or secret ID').and.not.to.contain('wrong');
  });

  it('says which credentials are missing', async () => {
    const error = await failure('credentials-missing', connected({ VAULT_TOKEN: '', VAULT_ROLE_ID: 'x' }));
    expect(error.message).to.contain('VAULT_TOKEN').and.to.contain('VAULT_SECRET_ID');
  });

  it('tells warnings, which are no errors', async () => {
    const vault = await connected();
    const mount = 'kubernetes-shop-warned';
    await vault.enableKubernetesAuth(mount, 'eks-dr run=x');
    const role = await vault.kubernetesRole(PRIMARY_MOUNT, 'cart-api');
    if (role === null) throw new Error('the world has no such role');
    await vault.writeKubernetesRole(mount, 'open', { ...role, audience: '' });
    expect(warnings.join('\n')).to.contain('write the role open').and.to.contain('audience');
    await vault.disableAuth(mount);
  });

  it('says what a policy does not allow, and whose fault it may be', async () => {
    const vault = await connected();
    const error = await failure('permission-denied', vault.writeKubernetesRole(PRIMARY_MOUNT, 'cart-api', {} as never));
    expect(error.message).to.contain(`write the role cart-api of auth/${PRIMARY_MOUNT}`).and.to.contain('403');
    expect(error.remedy).to.contain('VAULT_TOKEN').and.to.contain('policies');
  });

  it('calls a mount that is in use a conflict', async () => {
    const vault = await connected();
    await vault.enableKubernetesAuth('kubernetes-shop-twice', 'eks-dr run=x');
    await failure('conflict', vault.enableKubernetesAuth('kubernetes-shop-twice', 'eks-dr run=x'));
    await vault.disableAuth('kubernetes-shop-twice');
    await vault.disableAuth('kubernetes-shop-twice');
  });

  it('says that it is sealed, and tells its health all the same', async () => {
    const vault = await connected();
    running.sandbox.world.vault.sealed = true;
    expect(await vault.health()).to.include({ sealed: true });
    const error = await failure('remote-unavailable', vault.policies());
    expect(error.remedy).to.contain('Unseal');
  });

  it('reads again while Vault is away for a moment, and never writes twice', async () => {
    const vault = await connected();
    failing({ times: 2, effect: { status: 503, code: '', message: 'not leader' } });
    expect(await vault.kubernetesRoles(PRIMARY_MOUNT)).to.have.length(6);
    failing({ times: 1, effect: 'cut-after' });
    await failure('remote-unavailable', vault.enableKubernetesAuth('kubernetes-shop-cut', 'eks-dr run=x'));
    expect(running.sandbox.world.vault.auth['kubernetes-shop-cut']).to.not.equal(undefined);
    await vault.disableAuth('kubernetes-shop-cut');
  });

  it('takes a proxy’s page, and JSON that Vault never sent, for no answer', async () => {
    const vault = await connected();
    failing({ effect: { body: '<html>Sign in</html>', status: 200, contentType: 'text/html' } });
    await failure('remote-answer-invalid', vault.policies());
    await failure('remote-answer-invalid', vault.disableAuth('kubernetes-shop-x'));
    running.faults.clear();
    failing({ effect: { body: '{"message":"Forbidden"}', status: 403, contentType: 'application/json' } });
    await failure('remote-answer-invalid', vault.policies());
    running.faults.clear();
    failing({ effect: { body: '{}', status: 200, contentType: 'application/json' } });
    await failure('remote-answer-invalid', vault.policies());
    await failure('remote-answer-invalid', vault.disableAuth('kubernetes-shop-x'));
  });

  it('waits for no answer longer than it may', async () => {
    const vault = await connected();
    failing({ effect: 'hang-before' });
    const error = await failure('remote-unavailable', vault.disableAuth('kubernetes-shop-x'));
    expect(error.message).to.contain('disable the auth method');
  });

  it('never lets the token out in an error', async () => {
    const vault = await connected({ VAULT_ADDR: 'http://127.0.0.1:1' });
    const error = await failure('remote-unavailable', vault.policies());
    expect(JSON.stringify(error.toRecord()) + String(error.stack) + JSON.stringify(error.cause ?? null)).not.to.contain('SANDBOX');
  });

  describe('with a namespace', () => {
    let server: Server;
    const headers: (string | undefined)[] = [];
    before(async () => {
      server = createServer((request, response) => {
        headers.push([request.headers['x-vault-namespace']].flat()[0]);
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ request_id: 'x', data: { keys: [] } }));
      });
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    });
    after(() => void server.close());

    it('names it in each request', async () => {
      const vault = await connected({
        VAULT_ADDR: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        VAULT_NAMESPACE: 'team/web',
      });
      await vault.policies();
      expect(headers).to.deep.equal(['team/web']);
    });
  });
});
