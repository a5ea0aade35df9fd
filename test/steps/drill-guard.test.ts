import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { dumpWorld } from '../../sandbox/dump.ts';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import { allSystems } from '../../sandbox/systems.ts';
import { PRIMARY_CLUSTER, PRIMARY_REGION, PRODUCTION_ZONE } from '../../sandbox/worlds/names.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { differenceText, worldDifferences } from '../../scripts/drill/differences.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { stackOf, stackVariables } from '../../steps/clients/terraform-stack-ref.ts';
import { steps } from '../../steps/index.ts';
import { applyPlan } from '../../steps/kit/applying.ts';
import type { Driver } from '../../steps/kit/driver.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import type { Json } from '../../steps/kit/json.ts';
import { finder } from '../../steps/kit/keys.ts';
import { planDescription } from '../../steps/kit/planning.ts';
import type { Change, ResourceId } from '../../steps/kit/resource.ts';
import { failure } from '../failure.ts';
import { ARGOCD, CLUSTER, RUN, RUNNER } from './cluster.ts';
import { estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';

const PROJECT = 'platform/argocd-apps';
const production = { region: PRIMARY_REGION, cluster: PRIMARY_CLUSTER };
const estate = estateWith();
const run = runWith();
const root = (spec: object) => ({ run: RUN, spec }) as Json;
const settings = { apiVersion: 'v1', kind: 'ConfigMap' };
const stack = { ...stackOf(estate, run), stateKey: 'production/terraform.tfstate' };
const alias = { zone: 'Z32O12XQLNTSW2', name: 'new.elb.example.com', evaluateTargetHealth: true };
const record = { zone: PRODUCTION_ZONE.id, type: 'A', set: '' };
const licence = { type: 'Opaque', labels: { 'eks-dr/run': RUN }, data: {} };
const merged = { status: 'merged', head: 'own-commits' };
const request = { project: PROJECT, target: 'main' };

const MARKED = 'arn:aws:iam::111122223333:role/platform-admin';
// Stands for the moment at which the world's last sync ended.
const LAST_SYNC = 'last';
const RECORD = `cart.${PRODUCTION_ZONE.name}`;

const LOCK = {
  ID: '0e6b7ac1-5f0a-4d5f-9a3e-4cf1a1d3d1a1',
  Operation: 'OperationTypeApply',
  Info: '',
  Who: 'alice@laptop',
  Version: '1.11.4',
  Created: '2026-01-05T08:59:00Z',
  Path: '',
};

interface Attack {
  readonly title: string;
  readonly kind: string;
  readonly id: ResourceId;
  /** What a drill would make of it; null: delete it. */
  readonly after: Json;
}

/** Objects of production, some of them with the marks of this very drill on them. */
const attacks: readonly Attack[] = [
  { title: 'an application', kind: 'argocd.application', id: { name: 'cart-api' }, after: root({ project: 'catalog-drill-1' }) },
  { title: 'the end of an application', kind: 'argocd.application', id: { name: 'cart-api' }, after: null },
  { title: 'automated sync', kind: 'argocd.automated-sync', id: { application: 'cart-api' }, after: null },
  {
    title: 'other automated sync',
    kind: 'argocd.automated-sync',
    id: { application: 'cart-api' },
    after: { prune: false, selfHeal: false },
  },
  { title: 'a sync', kind: 'argocd.sync', id: { application: 'cart-api', after: LAST_SYNC }, after: { started: true } },
  { title: 'the end of a registration', kind: 'argocd.cluster', id: { name: PRIMARY_CLUSTER }, after: null },
  { title: 'an AppProject', kind: 'argocd.project', id: { name: 'catalog' }, after: root({ sourceRepos: ['*'] }) },
  { title: 'the end of an AppProject', kind: 'argocd.project', id: { name: 'catalog' }, after: null },
  {
    title: 'a new destination in an AppProject',
    kind: 'argocd.project-destination',
    id: { project: 'catalog', cluster: CLUSTER, namespace: '*' },
    after: { server: 'https://drill.example.com' },
  },
  {
    title: 'an access entry',
    kind: 'eks.access-entry',
    id: { ...production, principalArn: ARGOCD },
    after: { groups: ['drill'], run: RUN },
  },
  {
    title: 'a new access entry',
    kind: 'eks.access-entry',
    id: { ...production, principalArn: RUNNER.replace('runner', 'new') },
    after: { groups: [], run: RUN },
  },
  {
    title: 'an access entry with the tag of the drill',
    kind: 'eks.access-entry',
    id: { ...production, principalArn: MARKED },
    after: null,
  },
  {
    title: 'an access policy',
    kind: 'eks.access-policy',
    id: { ...production, principalArn: ARGOCD, policy: 'AmazonEKSViewPolicy' },
    after: { scope: 'cluster', namespaces: [] },
  },
  { title: 'the target branch', kind: 'gitlab.branch', id: { ...request, branch: 'main' }, after: null },
  {
    title: 'a file on the target branch',
    kind: 'gitlab.file',
    id: { project: PROJECT, branch: 'main', base: 'main', path: `recovery/${CLUSTER}/new.yaml` },
    after: { content: 'new' },
  },
  {
    title: 'a file of the primary on the branch of the drill',
    kind: 'gitlab.file',
    id: { project: PROJECT, branch: `eks-dr/${RUN}`, base: 'main', path: 'clusters/shop-prod/README.md' },
    after: { content: 'new' },
  },
  {
    title: 'a merge request of others',
    kind: 'gitlab.merge-request',
    id: { ...request, source: 'feature' },
    after: { status: 'opened', title: 'New', description: '', reviewers: [] },
  },
  { title: 'the merge of others', kind: 'gitlab.merge', id: { ...request, source: 'feature', head: 'own-commits' }, after: merged },
  {
    title: 'a merge from the branch of the drill that brings a file of the primary',
    kind: 'gitlab.merge',
    id: { ...request, source: `eks-dr/${RUN}`, head: 'own-commits' },
    after: merged,
  },
  {
    title: 'a namespace',
    kind: 'kubernetes.object',
    id: { ...production, apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'argocd' },
    after: { metadata: { labels: { drill: 'true' } } },
  },
  {
    title: 'a new namespace',
    kind: 'kubernetes.object',
    id: { ...production, apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'new' },
    after: { metadata: { labels: { 'eks-dr/run': RUN } } },
  },
  {
    title: 'an object with the label of the drill',
    kind: 'kubernetes.object',
    id: { ...production, ...settings, namespace: 'default', name: 'marked' },
    after: null,
  },
  { title: 'a new secret', kind: 'kubernetes.secret', id: { ...production, namespace: 'default', name: 'new' }, after: licence },
  {
    title: 'a secret with the label of the drill',
    kind: 'kubernetes.secret',
    id: { ...production, namespace: 'default', name: 'marked' },
    after: null,
  },
  {
    title: 'a new record in the production zone',
    kind: 'route53.record',
    id: { ...record, name: `new.${PRODUCTION_ZONE.name}` },
    after: { alias, ttl: null, values: [], routing: {} },
  },
  { title: 'the end of a record in the production zone', kind: 'route53.record', id: { ...record, name: RECORD }, after: null },
  {
    title: 'the state of another stack',
    kind: 'terraform.stack',
    id: stack,
    after: { variables: stackVariables(estate, run), resources: [], outputs: [] } as Json,
  },
  {
    title: 'the lock of another state',
    kind: 'terraform.lock',
    id: { ...stack, lock: LOCK.ID },
    after: null,
  },
];

/** Puts the marks of the drill on objects of production, and opens merge requests that would change it. */
async function prepare(remote: FullRemote, { gitlab }: Clients): Promise<void> {
  const { sandbox } = remote.running;
  const entry = sandbox.world.eks.clusters[`${PRIMARY_REGION}/${PRIMARY_CLUSTER}`]?.accessEntries[MARKED];
  if (entry === undefined) throw new Error('the world has no such access entry');
  entry.tags = { 'eks-dr:run': RUN, 'eks-dr:scope': 'drill' };
  const metadata = { name: 'marked', namespace: 'default', labels: { 'eks-dr/run': RUN } };
  applyManifest(sandbox, production, { ...settings, metadata, data: { a: 'b' } }, 'eks-dr');
  applyManifest(sandbox, production, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: {} }, 'eks-dr');
  const { bucket, key, region } = estate.terraform.backend;
  const Key = `${key?.replace('${run}', RUN)}.tflock`;
  await new S3({ region: region ?? '' }).putObject({ Bucket: bucket, Key, Body: JSON.stringify(LOCK) });
  const git = await gitlab();
  for (const source of ['feature', `eks-dr/${RUN}`]) {
    await git.createBranch(PROJECT, source, 'main');
    const action = { action: 'create', path: `clusters/shop-prod/by-${source.replace('/', '-')}.yaml`, content: 'a: b\n' } as const;
    await git.commit(PROJECT, source, `Add a file\n\nEKS-DR-Run: ${RUN}`, [action]);
    await git.createMergeRequest(PROJECT, source, 'main', { title: 'Add a file', description: '', reviewerIds: [] });
  }
}

describe('the drill guard, with every driver pointed at production', () => {
  let remote: FullRemote;
  let engine: Engine<Clients>;
  let untouched: unknown;
  const dump = (): unknown => structuredClone(dumpWorld(remote.running.sandbox.world, allSystems));
  const drivers = [...new Map(steps.flatMap((step) => step.drivers.map((driver) => [driver.kind, driver as Driver<Clients>]))).values()];

  before(async () => {
    remote = await startFullRemote(shopWorld({ services: 'small' }));
    const clients = remote.clients({ estate, run, environment: { EKS_DR_BREAK_LOCK: LOCK.ID } });
    const { clock, log, signal } = clients;
    const driver = finder(drivers, ({ kind }) => kind, 'a resource of kind');
    const wait = finder([], () => '', 'a wait');
    engine = { run, direction: 'forward', clients, clock, log, signal, driver, wait };
    await prepare(remote, clients);
    untouched = dump();
  });
  after(() => remote.stop());

  async function lastSync(): Promise<string> {
    const [application] = await (await engine.clients.argocd()).listApplications({ name: 'cart-api' });
    return application?.status?.operationState?.finishedAt ?? '';
  }

  async function forged({ kind, id, after }: Attack): Promise<Change> {
    const driver = engine.driver(kind);
    const [look] = await driver.look(engine.clients, [{ kind, id, before: null, after }]);
    return { kind, id, before: look?.now ?? null, after };
  }

  for (const attack of attacks) {
    it(`refuses ${attack.title}, in a plan and in a forged one`, async () => {
      const { kind, after } = attack;
      const id = attack.id.after === LAST_SYNC ? { ...attack.id, after: await lastSync() } : attack.id;
      await failure('drill-guard', planDescription(engine, [{ kind, id, desired: after }]));
      await failure('drill-guard', applyPlan(engine, [[await forged({ ...attack, id })]]));
    });
  }

  it('was tried with every driver there is', () => {
    expect([...new Set(attacks.map(({ kind }) => kind))].toSorted()).to.deep.equal(drivers.map(({ kind }) => kind).toSorted());
  });

  it('left the world as it was', () => {
    const differences = worldDifferences(untouched, dump()).map(differenceText);
    // The reviewer of the sandbox approves whatever is open.
    expect(differences.filter((line) => !line.includes('> approvedBy >'))).to.deep.equal([]);
  });
});
