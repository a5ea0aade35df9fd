import { type KubernetesObject, type KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { expect } from 'chai';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { objectApi, refusal, startPlatform } from './platform.ts';

interface Container {
  readonly name: string;
  readonly ports?: readonly object[];
  readonly env?: readonly object[];
}
type Applied = KubernetesObject & { data?: Record<string, string>; spec?: { template?: { spec?: { containers?: Container[] } } } };

const containersOf = (object: Applied): Container[] => object.spec?.template?.spec?.containers ?? [];

describe('sandbox: server-side apply', () => {
  let running: RunningSandbox;
  let api: KubernetesObjectApi;
  const apply = (object: object, manager = 'eks-dr', force = false, dryRun?: string): Promise<Applied> =>
    api.patch(object as KubernetesObject, undefined, dryRun, manager, force, PatchStrategy.ServerSideApply) as Promise<Applied>;
  const config = (name: string, data: Record<string, string>, labels?: Record<string, string>): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', ...(labels ? { labels } : {}) },
    data,
  });

  before(async () => {
    running = await startPlatform();
    api = await objectApi(running);
  });
  after(() => running.stop());

  it('creates an object and records what the manager set', async () => {
    const made = await apply(config('made', { a: '1' }, { tier: 'web' }));
    expect(made.metadata?.uid).to.match(/^[0-9a-f-]{36}$/);
    expect(made.metadata?.managedFields).to.have.length(1);
    const [entry] = made.metadata?.managedFields ?? [];
    expect(entry).to.include({ manager: 'eks-dr', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1' });
    expect(entry?.fieldsV1).to.deep.equal({ 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': { 'f:tier': {} } } });
  });

  it('writes nothing when the same is applied again', async () => {
    const first = await apply(config('same', { a: '1' }));
    const second = await apply(config('same', { a: '1' }));
    expect(second.metadata?.resourceVersion).to.equal(first.metadata?.resourceVersion);
  });

  it('removes a field that the manager no longer applies', async () => {
    await apply(config('shrunk', { a: '1', b: '2' }));
    const after = await apply(config('shrunk', { a: '1' }));
    expect(after.data).to.deep.equal({ a: '1' });
  });

  it('keeps a field that another manager also owns', async () => {
    await apply(config('shared', { a: '1', b: '2' }), 'one');
    await apply(config('shared', { b: '2' }), 'two');
    const after = await apply(config('shared', { a: '1' }), 'one');
    expect(after.data).to.deep.equal({ a: '1', b: '2' });
  });

  it('refuses to change a field that another manager owns, and names both', async () => {
    await apply(config('owned', { a: '1', b: '1' }), 'argocd-controller');
    const status = await refusal(apply(config('owned', { a: '2', c: '3' })));
    expect(status).to.include({ code: 409, reason: 'Conflict' });
    expect(status.message).to.equal('Apply failed with 1 conflict: conflict with "argocd-controller": .data.a');
    expect(status.details?.causes).to.deep.equal([
      { reason: 'FieldManagerConflict', message: 'conflict with "argocd-controller"', field: '.data.a' },
    ]);
  });

  it('takes a field over when forced, so that the other may apply without it', async () => {
    await apply(config('forced', { a: '1' }), 'argocd-controller');
    const after = await apply(config('forced', { a: '2' }), 'eks-dr', true);
    expect(after.data).to.deep.equal({ a: '2' });
    const managers = (after.metadata?.managedFields ?? []).map(({ manager }) => manager);
    expect(managers).to.deep.equal(['eks-dr']);
  });

  it('conflicts with who created the object by POST', async () => {
    await api.create(config('posted', { a: '1' }) as KubernetesObject, undefined, undefined, 'someone');
    const status = await refusal(apply(config('posted', { a: '2' })));
    expect(status.message).to.equal('Apply failed with 1 conflict: conflict with "someone" using v1: .data.a');
  });

  it('changes nothing in a dry run', async () => {
    const shown = await apply(config('dry', { a: '1' }), 'eks-dr', false, 'All');
    expect(shown.data).to.deep.equal({ a: '1' });
    const read = api.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'dry', namespace: 'default' } });
    expect(await refusal(read)).to.include({ code: 404, reason: 'NotFound' });
  });

  it('refuses a stale resourceVersion and another uid', async () => {
    const first = await apply(config('versioned', { a: '1' }));
    await apply(config('versioned', { a: '2' }));
    const metadata = { name: 'versioned', namespace: 'default', resourceVersion: first.metadata?.resourceVersion };
    expect(await refusal(apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {} }))).to.include({ code: 409, reason: 'Conflict' });
    const other = { name: 'versioned', namespace: 'default', uid: '00000000-0000-4000-8000-000000000000' };
    expect(await refusal(apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: other, data: {} }))).to.include({ code: 422 });
  });

  it('asks for a field manager', async () => {
    const work = api.patch(config('nobody', {}) as KubernetesObject, undefined, undefined, undefined, false, PatchStrategy.ServerSideApply);
    expect((await refusal(work)).message).to.contain('fieldManager: Required value: is required for apply patch');
  });

  it('merges containers by name and ports by number and protocol', async () => {
    const deployment = (containers: object[]): object => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers } } },
    });
    const ports = [{ containerPort: 80 }, { containerPort: 81, name: 'admin' }];
    await apply(
      deployment([
        { name: 'web', image: 'web:1', ports },
        { name: 'side', image: 'side:1' },
      ]),
      'one',
    );
    const after = await apply(deployment([{ name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] }]), 'two');
    const [web, side] = containersOf(after);
    expect(web).to.deep.include({ name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] });
    expect(web?.ports).to.have.length(2);
    expect(side?.name).to.equal('side');
    const status = await refusal(apply(deployment([{ name: 'web', image: 'web:2' }]), 'two'));
    expect(status.details?.causes?.map(({ field }) => field)).to.deep.equal(['.spec.template.spec.containers[name="web"].image']);
    const smaller = await apply(deployment([{ name: 'web', image: 'web:1', ports: [{ containerPort: 80 }] }]), 'one');
    const [left, ...others] = containersOf(smaller);
    expect(others).to.deep.equal([]);
    expect(left?.ports).to.deep.equal([{ containerPort: 80, protocol: 'TCP' }]);
    expect(left?.env).to.deep.equal([{ name: 'A', value: '1' }]);
  });
});
