import { expect } from 'chai';
import { PRIMARY_MOUNT } from '../../sandbox/worlds/vault.ts';
import { installVaultInjector } from '../../steps/install-vault-injector.ts';
import { failure } from '../failure.ts';
import { type Platform, startPlatform } from './platform.ts';
import { INJECTOR, scaleAddon } from './scale-add-on.ts';
import { applyStep, changesIn, planStep, undoStep, waitsIn } from './walking.ts';

const vault = { address: 'https://vault.example.com', namespace: null, mount: PRIMARY_MOUNT, roles: 6 };
const pod = (namespace: string, name: string, role = 'cart-api') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name }, annotations: { 'vault.hashicorp.com/agent-inject': 'true', 'vault.hashicorp.com/role': role } },
      spec: { serviceAccountName: 'cart-api', containers: [{ name: 'app', image: 'registry.example.com/app:1' }] },
    },
  },
});

describe('installing the injector of Vault', function () {
  this.timeout(60_000);
  let platform: Platform;

  beforeEach(async () => {
    platform = await startPlatform();
    for (const name of ['cart', 'spared'])
      await platform.kubernetes.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'test' });
  });
  afterEach(() => platform.stop());

  const context = (settings: object | undefined = {}, configured: object = { vault }) => {
    const own = platform.context({ vaultInjector: settings });
    return { ...own, needs: { ...(own.needs as object), configured } as never };
  };
  const install = async (wanted = context()) => {
    const plan = await planStep(installVaultInjector, wanted);
    await applyStep(installVaultInjector, wanted, plan);
    return plan;
  };
  const podsOf = async (app: string) =>
    (await platform.kubernetes.list({ apiVersion: 'v1', kind: 'Pod' }, { labelSelector: `app=${app}` })).map((found) => ({
      containers: (found.spec as { containers: { name: string }[] }).containers.map(({ name }) => name),
      init: ((found.spec as { initContainers?: { name: string; env: { name: string; value: string }[] }[] }).initContainers ?? []).flatMap(
        ({ env }) => env,
      ),
      phase: (found.status as { phase?: string }).phase,
    }));
  const settled = (seconds: number) => platform.clients.clock.sleep(seconds, platform.clients.signal);

  it('brings the secrets of the new mount to annotated pods, but spares the namespaces of the system and of the add-ons', async () => {
    const plan = await install(context({ sparedNamespaces: ['spared'] }));
    expect(waitsIn(plan)).to.include('kubernetes-webhook-ready');
    for (const namespace of ['cart', 'spared']) await platform.kubernetes.create(pod(namespace, `app-in-${namespace}`));
    await settled(90);
    const [injected] = await podsOf('app-in-cart');
    expect(injected?.containers).to.deep.equal(['app', 'vault-agent']);
    expect(injected?.init).to.deep.include({ name: 'VAULT_AUTH_PATH', value: `auth/${PRIMARY_MOUNT}` });
    expect(injected?.phase).to.equal('Running');
    expect((await podsOf('app-in-spared'))[0]?.containers).to.deep.equal(['app']);
    expect(changesIn(await planStep(installVaultInjector, context({ sparedNamespaces: ['spared'] })))).to.deep.equal([]);
  });

  it('holds pods back while it is away, so that none runs without its secrets', async () => {
    await install();
    await scaleAddon(platform, INJECTOR, 0);
    await platform.kubernetes.create(pod('cart', 'held'));
    await settled(5);
    expect(await podsOf('held')).to.deep.equal([]);
  });

  it('lets them run without their secrets where the estate says Ignore, as the chart itself would', async () => {
    await install(context({ failurePolicy: 'Ignore' }));
    await scaleAddon(platform, INJECTOR, 0);
    await platform.kubernetes.create(pod('cart', 'without'));
    await settled(90);
    expect(await podsOf('without')).to.deep.equal([{ containers: ['app'], init: [], phase: 'Running' }]);
  });

  it('gives no secrets to a pod whose role does not know its account', async () => {
    await install();
    await platform.kubernetes.create(pod('cart', 'stranger', 'order-worker'));
    await settled(90);
    expect((await podsOf('stranger'))[0]?.phase).to.equal('Pending');
  });

  it('asks for Vault where the estate has none', async () => {
    const error = await failure('input-invalid', planStep(installVaultInjector, context({}, { vault: null })));
    expect(error.remedy).to.contain('Describe Vault in the estate');
  });

  it('goes back to a cluster without it', async () => {
    const plan = await install();
    await undoStep(installVaultInjector, context(), plan);
    const configuration = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      name: 'vault-agent-injector-cfg',
    };
    expect(await platform.kubernetes.get(configuration)).to.equal(null);
  });

  it('has nothing to do where the estate does not name it', async () => {
    const none = { ...platform.context({}), needs: { registered: { name: 'x' }, configured: { vault } } as never };
    expect(await planStep(installVaultInjector, none)).to.deep.equal([]);
    expect(await installVaultInjector.finish(none as never)).to.deep.equal({ application: null });
  });
});
