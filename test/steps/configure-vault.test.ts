import { expect } from 'chai';
import { defaultNetwork } from '../../sandbox/ec2/network.ts';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import { seedCluster } from '../../sandbox/kubernetes/seed.ts';
import { RUNNER_TOKEN } from '../../sandbox/vault/tokens.ts';
import { ROLES, roleArn } from '../../sandbox/worlds/names.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { PRIMARY_MOUNT } from '../../sandbox/worlds/vault.ts';
import { vaultAccess } from '../../steps/checks/vault-access.ts';
import { vaultPolicies } from '../../steps/checks/vault-policies.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { configureVault } from '../../steps/configure-vault.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { vault as vaultPart } from '../../steps/inventory/parts/vault.ts';
import type { Finding } from '../../steps/kit/step.ts';
import { RUN_LABEL } from '../../steps/naming.ts';
import { kubernetesSecretRef } from '../../steps/remote-secrets.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';
import { applyStep, changesIn, planStep, waitsIn } from './walking.ts';

const at = { region: 'eu-central-1', cluster: 'shop-drill-1' };
const MOUNT = 'kubernetes-shop-drill-1';
const reviewer = { namespace: 'vault-auth', serviceAccount: 'vault-reviewer', secret: 'vault-reviewer-token' };

describe('configuring Vault', function () {
  this.timeout(30_000);
  let remote: FullRemote;
  let estate: Estate;
  let clients: Clients;
  const run = runWith({ id: 'drill-1' });

  beforeEach(async () => {
    const world = shopWorld({ services: 'small' });
    seedCluster(world, {
      ...at,
      name: at.cluster,
      roleArn: roleArn(ROLES.cluster),
      nodeRole: roleArn(ROLES.node),
      version: '1.34',
      subnetIds: defaultNetwork(world, at.region).subnets.map(({ id }) => id),
      authenticationMode: 'API',
      tags: { 'eks-dr:run': run.id },
      admins: [roleArn(ROLES.runner)],
      nodes: 2,
      createdAt: world.clock,
    });
    remote = await startFullRemote(world);
    estate = estateWith();
    clients = remote.clients({ estate, run });
    for (const manifest of reviewerManifests()) applyManifest(remote.running.sandbox, at, manifest, 'eks-dr');
    await settled(() => tokenOfReviewer());
  });
  afterEach(() => remote.stop());

  const vaultState = () => remote.running.sandbox.world.vault;
  const tokenOfReviewer = async (): Promise<string | null> => {
    const secret = await (await clients.kubernetes(at)).get({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: 'vault-auth',
      name: reviewer.secret,
    });
    return (secret?.data as Record<string, string> | undefined)?.token ?? null;
  };
  const context = async (change: { readonly estate?: Estate; readonly reviewer?: null } = {}) => {
    const { endpoint, ca } = await clients.kubernetes(at);
    const used = change.estate ?? estate;
    const inventory = { vault: await vaultPart.read(clients, used) };
    const prepared = { vaultReviewer: 'reviewer' in change ? null : reviewer };
    return contextOf({ clients } as never, { estate: used, run, needs: { connected: { ...at, endpoint, ca }, inventory, prepared } });
  };

  it('makes a method at a path of its own, copies every role, and proves it by a login', async () => {
    const own = await context();
    const plan = await planStep(configureVault, own);
    expect(changesIn(plan)).to.have.length(1 + 6 + 1);
    expect(waitsIn(plan)).to.deep.equal(['vault-login']);
    await applyStep(configureVault, own, plan);

    const { kubernetes, auth } = vaultState();
    expect(auth[MOUNT]?.description).to.match(/^eks-dr run=drill-1 reviewer=[0-9a-f]{64}$/);
    for (const [name, role] of Object.entries(kubernetes[PRIMARY_MOUNT]?.roles ?? {}))
      expect(kubernetes[MOUNT]?.roles[name]).to.deep.equal(role);
    expect(kubernetes[MOUNT]?.config).to.include({ disableLocalCaJwt: true });
    expect(Object.values(vaultState().tokens).filter(({ path }) => path === `auth/${MOUNT}/login`)).to.deep.equal([]);
    expect(changesIn(await planStep(configureVault, own))).to.deep.equal([]);
    expect(await configureVault.finish(own as never)).to.deep.equal({
      vault: { address: remote.running.addresses.vault, namespace: null, mount: MOUNT, roles: 6 },
      policiesToMend: ['own-namespace'],
    });
    expect(remote.lines.join('\n')).to.contain('own-namespace').and.to.contain(`auth/${MOUNT}`);
  });

  it('lets the token of the reviewer into no plan and no line', async () => {
    const own = await context();
    const plan = await planStep(configureVault, own);
    await applyStep(configureVault, own, plan);
    const token = Buffer.from((await tokenOfReviewer()) ?? '', 'base64').toString();
    expect(token.split('.')).to.have.length(3);
    const signature = token.split('.')[2] ?? token;
    expect(JSON.stringify(plan) + remote.lines.join('\n')).not.to.contain(signature);
  });

  it('notices that the reviewer has got another token, and writes the configuration again', async () => {
    const own = await context();
    await applyStep(configureVault, own, await planStep(configureVault, own));
    const api = await clients.kubernetes(at);
    await api.delete({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'vault-auth', name: 'vault-reviewer' });
    await api.delete({ apiVersion: 'v1', kind: 'Secret', namespace: 'vault-auth', name: reviewer.secret });
    await settled(async () => ((await tokenOfReviewer()) === null ? 'gone' : null));
    for (const manifest of reviewerManifests()) applyManifest(remote.running.sandbox, at, manifest, 'eks-dr');
    await settled(() => tokenOfReviewer());
    const again = contextOf({ clients: remote.clients({ estate, run }) } as never, { estate, run, needs: own.needs });
    const plan = await planStep(configureVault, again);
    expect(changesIn(plan).map(({ kind }) => kind)).to.deep.equal(['vault.kubernetes-auth']);
    await applyStep(configureVault, again, plan);
  });

  it('goes on after a crash between the method and its configuration', async () => {
    const own = await context();
    remote.running.faults.add({
      system: 'vault',
      operation: 'POST /v1/auth/{mount}/config',
      times: 'always',
      effect: { status: 403, message: 'no' },
    });
    await failure('permission-denied', applyStep(configureVault, own, await planStep(configureVault, own)));
    remote.running.faults.clear();
    const plan = await planStep(configureVault, own);
    expect(changesIn(plan)[0]?.before).not.to.equal(null);
    await applyStep(configureVault, own, plan);
    expect(changesIn(await planStep(configureVault, own))).to.deep.equal([]);
  });

  it('names the role that Vault refuses, and keeps the others', async () => {
    const own = await context();
    const path = `POST /v1/auth/${MOUNT}/role/order-worker`;
    remote.running.faults.add({ system: 'vault', operation: path, times: 'always', effect: { status: 403, message: 'permission denied' } });
    const error = await failure('permission-denied', applyStep(configureVault, own, await planStep(configureVault, own)));
    expect(error.message).to.contain('order-worker');
    remote.running.faults.clear();
    const rest = await planStep(configureVault, own);
    expect(changesIn(rest).map(({ id }) => id.role)).to.include('order-worker');
    await applyStep(configureVault, own, rest);
  });

  it('leaves a method alone that somebody else has at that path', async () => {
    vaultState().auth[MOUNT] = { type: 'kubernetes', accessor: 'a', description: 'ours', options: null };
    vaultState().kubernetes[MOUNT] = { config: null, roles: {} };
    const error = await failure('conflict', planStep(configureVault, await context()));
    expect(error.message).to.contain(`auth/${MOUNT}`);
    expect(error.remedy).to.contain('vault auth disable').and.to.contain('vault.mount');
  });

  it('stops where somebody takes that path after it was planned', async () => {
    const own = { ...(await context()), run: runWith({ id: 'drill-1', mode: 'recover' }) };
    const plan = await planStep(configureVault, own);
    vaultState().auth[MOUNT] = { type: 'kubernetes', accessor: 'a', description: 'ours', options: null };
    vaultState().kubernetes[MOUNT] = { config: null, roles: {} };
    const error = await failure('drift', applyStep(configureVault, own, plan));
    expect(error.message).to.contain(`auth/${MOUNT}`);
    expect(error.remedy).to.contain('Plan this step again');
    expect((await failure('conflict', planStep(configureVault, own))).remedy).to.contain('vault auth disable');
  });

  it('says why a login fails, and gives up when time does not cure it', async () => {
    const own = await context();
    const path = 'POST /v1/auth/{mount}/login';
    remote.running.faults.add({ system: 'vault', operation: path, times: 'always', effect: { status: 403, message: 'permission denied' } });
    const error = await failure('unhealthy', applyStep(configureVault, own, await planStep(configureVault, own)));
    expect(error.message).to.contain('logs in to Vault').and.to.contain('Vault must reach the address of the API server');
  });

  it('proves it by the account and the role that the estate names', async () => {
    const proof = { role: 'cart-api', namespace: 'cart', serviceAccount: 'cart-api' };
    const named = estateWith({ vault: { ...(estate.vault as NonNullable<Estate['vault']>), proof } });
    for (const manifest of [namespace('cart'), account('cart', 'cart-api')]) applyManifest(remote.running.sandbox, at, manifest, 'eks-dr');
    const own = await context({ estate: named });
    const plan = await planStep(configureVault, own);
    expect(changesIn(plan)).to.have.length(1 + 6);
    await applyStep(configureVault, own, plan);
  });

  it('asks for the reviewer where the estate has none', async () => {
    const error = await failure('input-invalid', planStep(configureVault, await context({ reviewer: null })));
    expect(error.remedy).to.contain('namespaces.vaultReviewer');
  });

  it('has nothing to do without Vault', async () => {
    const { vault: _none, ...without } = estate;
    const own = await context({ estate: without });
    expect(await planStep(configureVault, own)).to.deep.equal([]);
    expect(await configureVault.finish(own as never)).to.deep.equal({ vault: null, policiesToMend: [] });
  });

  it('goes back by taking the method away with all that is in it', async () => {
    const own = await context();
    const plan = await planStep(configureVault, own);
    await applyStep(configureVault, own, plan);
    const wayBack = () => configureVault.undo?.({ ...own, applied: changesIn(plan) } as never);
    const method = { kind: 'vault.kubernetes-auth', id: { mount: MOUNT }, desired: null };
    expect(await wayBack()).to.deep.equal([[], method]);
    // What people did to the roles is named, so that it can be shown before it goes.
    const roles = vaultState().kubernetes[MOUNT]?.roles ?? {};
    const [edited = ''] = Object.keys(roles);
    const role = roles[edited];
    if (role === undefined) throw new Error('there is no role');
    roles[edited] = { ...role, token_ttl: role.token_ttl + 1 };
    roles['by-hand'] = role;
    const gone = (name: string) => ({ kind: 'vault.kubernetes-role', id: { mount: MOUNT, role: name }, desired: null });
    expect(await wayBack()).to.deep.equal([[{ ...gone('by-hand'), ours: null }, gone(edited)], method]);
    await (await remote.clients({ estate, run }).vault()).disableAuth(MOUNT);
    expect(await wayBack()).to.deep.equal([[], method]);
  });

  describe('before the night', () => {
    const check = async (which: typeof vaultAccess): Promise<readonly Finding[]> =>
      which.run({ estate, run, clients, clock: clients.clock, log: clients.log, signal: clients.signal });

    it('finds nothing to mend where all is as it should be', async () => {
      expect(await check(vaultAccess)).to.deep.equal([]);
    });

    it('finds a sealed Vault', async () => {
      vaultState().sealed = true;
      const [found] = await check(vaultAccess);
      expect(found).to.include({ severity: 'blocker', message: 'Vault is sealed.' });
    });

    it('finds every capability that the token lacks, at once', async () => {
      vaultState().policies['eks-dr-runner'] = 'path "sys/auth" { capabilities = ["read"] }';
      const [found, ...others] = await check(vaultAccess);
      expect(others).to.deep.equal([]);
      expect(found?.severity).to.equal('blocker');
      expect(found?.evidence)
        .to.contain(`create, read, update on auth/${MOUNT}/role/any`)
        .and.to.contain(`list on auth/${PRIMARY_MOUNT}/role/`);
    });

    it('warns of a token that ends too soon', async () => {
      const token = vaultState().tokens[RUNNER_TOKEN];
      if (token !== undefined) token.expiresAt = remote.running.sandbox.clock.now() + 1_800_000;
      const [found] = await check(vaultAccess);
      expect(found).to.include({ severity: 'warning' });
      expect(found?.message).to.contain('minutes');
    });

    it('warns of policies that are tied to the method of the primary', async () => {
      const [found] = await check(vaultPolicies);
      expect(found?.severity).to.equal('warning');
      expect(found?.evidence).to.contain('own-namespace');
    });
  });

  it('finds secrets by reference in Vault and in the cluster', async () => {
    const { remoteSecret } = await import('../../steps/remote-secrets.ts');
    expect(await remoteSecret(clients, 'vault:secret/data/platform/new-relic#licence')).to.equal('sandbox-licence-key');
    expect(await remoteSecret(clients, 'vault:secret/data/platform/new-relic#other')).to.equal(undefined);
    expect(await remoteSecret(clients, 'vault:secret/data/platform/none#licence')).to.equal(undefined);
    const ref = kubernetesSecretRef({ ...at, namespace: 'vault-auth', name: reviewer.secret, key: 'token' });
    expect(await remoteSecret(clients, ref)).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    await failure('permission-denied', remoteSecret(clients, 'vault:secret/data/cart/database#password'));
    await failure('input-invalid', remoteSecret(clients, 'vault:no-field'));
  });

  function reviewerManifests(): readonly never[] {
    const labels = { [RUN_LABEL]: run.id };
    const name = 'vault-reviewer';
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' };
    return [
      namespace('vault-auth'),
      account('vault-auth', name),
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'reviewer', labels },
        roleRef,
        subjects: [{ kind: 'ServiceAccount', name, namespace: 'vault-auth' }],
      } as never,
      {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'kubernetes.io/service-account-token',
        metadata: { name: reviewer.secret, namespace: 'vault-auth', labels, annotations: { 'kubernetes.io/service-account.name': name } },
      } as never,
    ];
  }
});

function namespace(name: string): never {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } as never;
}

function account(namespaceName: string, name: string): never {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: namespaceName } } as never;
}

/** Waits until there is something. */
async function settled(look: () => Promise<string | null>): Promise<void> {
  for (let looks = 0; looks < 200; looks += 1) {
    if ((await look()) !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come');
}
