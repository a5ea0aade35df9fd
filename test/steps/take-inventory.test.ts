import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { type Inventory, inventory as inventorySchema } from '../../steps/inventory/inventory.ts';
import { lastGoodOf } from '../../steps/inventory/last-good.ts';
import { partNames } from '../../steps/inventory/parts.ts';
import { takeInventory } from '../../steps/take-inventory.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';

describe('take-inventory', function () {
  this.timeout(30_000);
  let remote: FullRemote;

  before(async () => {
    remote = await startFullRemote(shopWorld({ services: 'small' }));
  });
  after(() => remote.stop());

  const withInventory = (change: Partial<Estate['inventory']>): Estate => {
    const { lastGood: _none, ...inventory } = estateWith().inventory;
    return estateWith({ inventory: { ...inventory, ...change } });
  };
  const take = async (estate: Estate, environment: NodeJS.ProcessEnv = {}): Promise<Inventory> => {
    const run = runWith();
    const clients = remote.clients({ estate, run, environment, estateFolder: remote.folder });
    return inventorySchema.parse(await takeInventory.finish(contextOf({ clients } as never, { needs: {}, estate, run })));
  };
  const archive = (inventory: Inventory): void =>
    writeFileSync(join(remote.folder, 'last-good.json'), JSON.stringify(lastGoodOf(inventory)));

  it('reads every part of a living primary', async () => {
    const found = await take(withInventory({}));
    expect(found.source).to.equal('live');
    expect(found.services).to.have.length(6);
    expect(found.withoutTemplate).to.deep.equal([]);
    for (const service of found.services) expect(service.file).to.match(/\.ya?ml$/);
    expect(found.namespaces.map(({ name }) => name)).to.include('kube-system');
    expect(found.namespaces.some(({ annotations }) => annotations['shop.example.com/on-call'] !== undefined)).to.equal(true);
    expect(found.namespaces.flatMap(({ limits }) => limits.map(({ kind, name }) => `${kind} ${name}`))).to.include.members([
      'LimitRange defaults',
      'ResourceQuota team',
    ]);
    expect(found.loadBalancers).not.to.deep.equal([]);
    for (const { stack, zoneId, healthy } of found.loadBalancers) {
      expect(stack).to.match(/\w/);
      expect(zoneId).to.match(/^Z/);
      expect(healthy).to.equal(true);
    }
    expect(found.argocd.clusters.map(({ name }) => name)).to.include('shop-prod');
    expect(found.templates.commit).to.match(/^[0-9a-f]{40}$/);
  });

  it('reads which service accounts have IAM roles, and by what means', async () => {
    const { annotated, associations } = (await take(withInventory({}))).identities;
    expect(annotated).to.deep.include({
      namespace: 'cart',
      serviceAccount: 'cart-api',
      roleArn: 'arn:aws:iam::111122223333:role/shop-cart-api',
    });
    expect(associations).to.deep.include({
      namespace: 'cart',
      serviceAccount: 'cart-worker',
      roleArn: 'arn:aws:iam::111122223333:role/shop-cart-worker',
      targetRoleArn: null,
      policy: null,
      disableSessionTags: false,
    });
  });

  it('reads the rules that name a group of the primary, and the addresses that its pods go out by', async () => {
    const { groups, rules, natAddresses } = (await take(withInventory({}))).networkPaths;
    expect(groups.map(({ name }) => name).join()).to.match(/^eks-cluster-sg-shop-prod-/);
    expect(rules.map(({ name, from }) => `${name} ${from}`)).to.have.members([
      'shop-orders-db 5432',
      'shop-catalog-db 3306',
      'shop-sessions-cache 6379',
      'shop-sessions-cache 6380',
      'shop-events-broker 9094',
      'shop-search 9200',
    ]);
    for (const { peer, direction, region } of rules)
      expect([peer, direction, region]).to.deep.equal([groups[0]?.id, 'ingress', 'eu-west-1']);
    expect(natAddresses).to.deep.equal(['203.0.113.10', '203.0.113.11']);
  });

  it('lists what exists only in the cluster, and no more of a Secret than its name', async () => {
    const { clusterOnly } = await take(withInventory({}));
    const found = (clusterOnly?.objects ?? []).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
    expect(clusterOnly?.notSeen).to.deep.equal([]);
    expect(found).to.include.members([
      'Secret cart/partner-sftp',
      'Secret order/label-printer',
      'ConfigMap order/feature-flags',
      'CustomResourceDefinition /exports.shop.example.com',
    ]);
    // What the estate, a controller, or the cluster itself brings again.
    expect(found.join('\n')).not.to.match(/newrelic-license|checkout-database|kube-root-ca|istio-ca-root|istio\.io|elbv2|ServiceAccount/);
    expect(clusterOnly?.objects.find(({ kind }) => kind === 'PersistentVolumeClaim')).to.deep.include({
      namespace: 'invoice',
      name: 'documents',
      by: ['kubectl-client-side-apply'],
    });
    expect(clusterOnly?.objects.flatMap(({ volume }) => volume ?? [])[0]).to.include({ storageClass: 'gp2', size: '20Gi' });
  });

  it('is no other inventory for later steps when it is only taken again', async () => {
    const first = await take(withInventory({}));
    archive(first);
    const second = await take(withInventory({ lastGood: 'last-good.json', prefer: 'last-good' }));
    expect(second).not.to.deep.equal(first);
    expect(takeInventory.significant?.(second)).to.deep.equal(takeInventory.significant?.(first));
    const told = { ...second, clusterOnly: null, delivery: null, records: null };
    expect(takeInventory.significant?.(told)).to.deep.equal(takeInventory.significant?.(first));
    const other = { ...second, services: second.services.slice(1) };
    expect(takeInventory.significant?.(other)).not.to.deep.equal(takeInventory.significant?.(first));
  });

  it('takes from the archive what does not answer, and nothing else', async () => {
    archive(await take(withInventory({})));
    const found = await take(withInventory({ lastGood: 'last-good.json' }), { ARGOCD_SERVER: 'http://127.0.0.1:1' });
    expect(found.source).to.equal('mixed');
    expect(found.parts.applications).to.include({ source: 'last-good' });
    expect(found.parts.applications.reason).to.match(/\w/);
    expect(found.parts.templates).to.include({ source: 'live', reason: null });
    expect(found.services).to.have.length(6);
  });

  it('names every part that nobody knows', async () => {
    const error = await failure(
      'remote-unavailable',
      take(withInventory({}), { ARGOCD_SERVER: 'http://127.0.0.1:1', GITLAB_HOST: 'http://127.0.0.1:1' }),
    );
    expect([error, ...error.also].map(({ target }) => target)).to.have.members(['applications', 'templates']);
  });

  it('asks nobody where the estate prefers the archive', async () => {
    archive(await take(withInventory({})));
    const found = await take(withInventory({ lastGood: 'last-good.json', prefer: 'last-good' }), { GITLAB_HOST: 'http://127.0.0.1:1' });
    expect(found.source).to.equal('last-good');
    for (const name of partNames) expect(found.parts[name].reason).to.equal('the estate prefers the archived inventory');
  });

  it('asks for what an archive of an older version did not know, even where the estate prefers the archive', async () => {
    const { parts, ...rest } = lastGoodOf(await take(withInventory({})));
    const { loadBalancers: _unknown, ...known } = parts;
    writeFileSync(join(remote.folder, 'last-good.json'), JSON.stringify({ ...rest, parts: known }));
    const found = await take(withInventory({ lastGood: 'last-good.json', prefer: 'last-good' }));
    expect(found.source).to.equal('mixed');
    expect(found.parts.loadBalancers.source).to.equal('live');
    expect(found.loadBalancers).not.to.deep.equal([]);
  });

  it('takes the archive from S3, in whatever region its bucket is, and goes on where there is none yet', async () => {
    const lastGood = 's3://shop-inventory/shop-prod.json';
    const { buckets } = remote.running.sandbox.world.s3;
    buckets['shop-inventory'] = { region: 'eu-west-3', objects: {} };
    const first = await take(withInventory({ lastGood }));
    expect(remote.lines.join('\n')).to.contain(`there is no archived inventory at ${lastGood}`);
    const clients = remote.clients({ estate: estateWith(), run: runWith() });
    const place = { bucket: 'shop-inventory', key: 'shop-prod.json' };
    await (await clients.s3()).write(place, JSON.stringify(lastGoodOf(first)), 'application/json');
    expect((await take(withInventory({ lastGood, prefer: 'last-good' }))).source).to.equal('last-good');
    await (await clients.s3()).write(place, '{"kind":', 'application/json');
    expect((await failure('input-not-json', take(withInventory({ lastGood })))).message).to.contain(lastGood);
    const error = await failure('remote-refused', take(withInventory({ lastGood: 's3://nowhere/shop-prod.json' })));
    expect(error.message).to.contain("The archived inventory can't be used").and.to.contain('NoSuchBucket');
    expect(error.remedy).to.contain('leave inventory.lastGood out');
    const { faults } = remote.running;
    faults.add({ system: 's3', operation: 's3:GetObject', times: 'always', effect: { status: 403, code: 'AccessDenied', message: 'no' } });
    expect((await failure('permission-denied', take(withInventory({ lastGood })))).remedy).to.contain('s3:ListBucket');
    faults.clear();
  });

  it('goes on without what only tells people something, where an archive of an older version does not hold it', async () => {
    const { parts, ...rest } = lastGoodOf(await take(withInventory({})));
    const { clusterOnly: _one, delivery: _two, records: _three, ...known } = parts;
    writeFileSync(join(remote.folder, 'last-good.json'), JSON.stringify({ ...rest, parts: known }));
    const { faults } = remote.running;
    for (const system of ['kubernetes', 'eks', 'elb', 'ec2', 'route53'])
      faults.add({ system, operation: '*', times: 'always', effect: { status: 503 } });
    const found = await take(withInventory({ lastGood: 'last-good.json' }), { ARGOCD_SERVER: 'http://127.0.0.1:1' });
    faults.clear();
    expect(found.services).to.have.length(6);
    expect([found.clusterOnly, found.delivery, found.records]).to.deep.equal([null, null, null]);
    expect(found.parts.clusterOnly.source).to.equal('unknown');
    expect(remote.lines.join('\n')).to.contain('the records that lead to load balancers are not known, and nothing waits for them');
  });

  it('knows the other kinds where it may not list one', async () => {
    const { faults } = remote.running;
    const effect = { status: 403, code: 'Forbidden', message: 'secrets is forbidden' };
    faults.add({ system: 'kubernetes', operation: 'GET */api/v1/secrets*', times: 'always', effect });
    const { clusterOnly } = await take(withInventory({}));
    faults.clear();
    expect(clusterOnly?.notSeen.map(({ kind }) => kind)).to.deep.equal(['Secret']);
    expect(clusterOnly?.objects.map(({ kind }) => kind))
      .to.include('ConfigMap')
      .and.not.include('Secret');
  });

  it('reads the projects and repositories of Argo CD, and asks it only once for all applications', async () => {
    const count = () => remote.running.requests.counts().find(({ operation }) => operation === 'GET /api/v1/applications')?.count ?? 0;
    const before = count();
    const { delivery } = await take(withInventory({}));
    expect(count() - before).to.equal(2);
    expect(delivery?.projects.map(({ name }) => name)).to.include.members(['default', 'payments']);
    expect(delivery?.repositories[0]).to.deep.equal({
      url: 'https://gitlab.example.com/platform/argocd-apps.git',
      type: 'git',
      name: 'argocd-apps',
      project: '',
      connection: { status: 'Successful', message: '' },
    });
  });

  it('reads the records that lead to load balancers of the region, each with its target', async () => {
    const { records, loadBalancers } = await take(withInventory({}));
    const targets = new Set(loadBalancers.map(({ dnsName }) => dnsName.toLowerCase()));
    expect(records).not.to.deep.equal([]);
    for (const { zone, target } of records ?? []) expect([zone, targets.has(target)]).to.deep.equal(['shop.example.com', true]);
    expect(records?.map(({ name, set }) => `${name} ${set}`).join()).not.to.match(/lookalike|status|legacy/);
  });

  it('stops when the primary shows far less than the archive knows', async () => {
    const found = await take(withInventory({}));
    const more = Array.from({ length: 20 }, (_, index) => ({ name: `extra-${index}`, labels: {}, annotations: {}, limits: [] }));
    archive({ ...found, namespaces: [...found.namespaces, ...more] });
    const error = await failure('unhealthy', take(withInventory({ lastGood: 'last-good.json' })));
    expect(error.target).to.equal('namespaces');
  });

  it('says that the archive is damaged rather than going without it', async () => {
    writeFileSync(join(remote.folder, 'last-good.json'), '{"kind":"eks-dr-inventory","schema":1}');
    await failure('input-invalid', take(withInventory({ lastGood: 'last-good.json' })));
  });
});
