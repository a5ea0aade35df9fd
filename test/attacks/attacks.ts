import { PRIMARY_CLUSTER, PRIMARY_REGION, PRODUCTION_ZONE } from '../../sandbox/worlds/names.ts';
import { PRIMARY_MOUNT } from '../../sandbox/worlds/vault.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { stackOf, stackVariables } from '../../steps/clients/terraform-stack-ref.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { steps } from '../../steps/index.ts';
import type { Driver } from '../../steps/kit/driver.ts';
import type { Json } from '../../steps/kit/json.ts';
import type { Change, ResourceId } from '../../steps/kit/resource.ts';
import type { Run } from '../../steps/kit/run.ts';
import { takesPart } from '../../steps/kit/step.ts';
import { recoveryBranch, recoveryClusterName, recoveryFolder } from '../../steps/naming.ts';
import { ARGOCD, RUNNER } from '../steps/cluster.ts';
import { awsAttacks, leftoverAttacks } from './aws-attacks.ts';
import { gatewayAttacks } from './gateway-attacks.ts';

/** A change that a drill shall never be able to make: its object is production's, whatever marks it carries. */
export interface Attack {
  readonly title: string;
  readonly kind: string;
  readonly id: ResourceId;
  /** What the drill would make of it; null: delete it. */
  readonly after: Json;
  /** Somebody holds the lock of the Terraform state meanwhile (see `lockState`). */
  readonly locked?: true;
}

/** A principal of the primary cluster whose access entry carries the marks of the drill. */
export const MARKED_PRINCIPAL = 'arn:aws:iam::111122223333:role/platform-admin';

/** The lock that somebody holds. */
export const LOCK = {
  ID: '0e6b7ac1-5f0a-4d5f-9a3e-4cf1a1d3d1a1',
  Operation: 'OperationTypeApply',
  Info: '',
  Who: 'alice@laptop',
  Version: '1.11.4',
  Created: '2026-01-05T08:59:00Z',
  Path: '',
};

/** A branch of the run by its name, beside the one that the drill itself works on. */
export function ownBranchOf(run: Pick<Run, 'id'>): string {
  return `${recoveryBranch(run)}.undo-9`;
}

// Stands for the id of the health check that production has.
const PRODUCTION_CHECK = 'production';
// Stands for the moment at which the last sync of the application ended.
const LAST_SYNC = 'last';
const production = { region: PRIMARY_REGION, cluster: PRIMARY_CLUSTER };
const settings = { apiVersion: 'v1', kind: 'ConfigMap' };
const record = { zone: PRODUCTION_ZONE.id, type: 'A', set: '' };
const alias = { zone: 'Z32O12XQLNTSW2', name: 'new.elb.example.com', evaluateTargetHealth: true };
const merged = { status: 'merged', head: 'own-commits' };

/** Objects of production, for every driver that a step has; some of them with the marks of this very drill on them (see `prepare.ts`). */
export function attacksBy(run: Pick<Run, 'id' | 'mode' | 'target'>, estate: Estate): readonly Attack[] {
  const kinds = new Set(steps.flatMap(({ drivers }) => drivers.map(({ kind }) => kind)));
  return [...awsAttacks(run), ...leftoverAttacks(run), ...gatewayAttacks(run), ...otherAttacks(run, estate)].filter(({ kind }) =>
    kinds.has(kind),
  );
}

/** The kinds of the steps that have a part in drills. The drivers of the others are attacked without a step: none of theirs runs in a drill. */
export function kindsInDrills(): ReadonlySet<string> {
  return new Set(steps.filter((step) => takesPart(step, 'drill')).flatMap(({ drivers }) => drivers.map(({ kind }) => kind)));
}

function otherAttacks(run: Pick<Run, 'id' | 'mode' | 'target'>, estate: Estate): readonly Attack[] {
  const { project } = estate.gitlab;
  const cluster = recoveryClusterName(estate, run);
  const folder = recoveryFolder(estate.gitlab, cluster);
  const ownBranch = ownBranchOf(run);
  const request = { project, target: 'main' };
  const stack = { ...stackOf(estate, run), stateKey: 'production/terraform.tfstate' };
  const licence = { type: 'Opaque', labels: { 'eks-dr/run': run.id }, data: {} };
  const own = (spec: object): Json => ({ run: run.id, spec }) as Json;
  return [
    { title: 'an application', kind: 'argocd.application', id: { name: 'cart-api' }, after: own({ project: `catalog-${run.id}` }) },
    { title: 'the end of an application', kind: 'argocd.application', id: { name: 'cart-api' }, after: null },
    { title: 'the end of an application alone', kind: 'argocd.application-alone', id: { name: 'cart-api' }, after: null },
    { title: 'automated sync', kind: 'argocd.automated-sync', id: { application: 'cart-api' }, after: null },
    {
      title: 'other automated sync',
      kind: 'argocd.automated-sync',
      id: { application: 'cart-api' },
      after: { prune: false, selfHeal: false },
    },
    {
      title: 'the reconciliation of an application',
      kind: 'argocd.reconciliation',
      id: { application: 'cart-api' },
      after: { skipReconcile: 'true' },
    },
    {
      title: 'the scale of a workload',
      kind: 'kubernetes.scale',
      id: { ...production, kind: 'Deployment', namespace: 'order', name: 'order-worker' },
      after: { replicas: 0 },
    },
    {
      title: 'the suspension of a job with the label of the drill',
      kind: 'kubernetes.suspended',
      id: { ...production, kind: 'CronJob', namespace: 'default', name: 'marked' },
      after: { suspended: true },
    },
    { title: 'a sync', kind: 'argocd.sync', id: { application: 'cart-api', after: LAST_SYNC }, after: { started: true } },
    { title: 'the end of a registration', kind: 'argocd.cluster', id: { name: PRIMARY_CLUSTER }, after: null },
    { title: 'an AppProject', kind: 'argocd.project', id: { name: 'catalog' }, after: own({ sourceRepos: ['*'] }) },
    { title: 'the end of an AppProject', kind: 'argocd.project', id: { name: 'catalog' }, after: null },
    {
      title: 'a new destination in an AppProject',
      kind: 'argocd.project-destination',
      id: { project: 'catalog', cluster, namespace: '*' },
      after: { server: 'https://drill.example.com' },
    },
    {
      title: 'an access entry',
      kind: 'eks.access-entry',
      id: { ...production, principalArn: ARGOCD },
      after: { type: 'STANDARD', groups: ['drill'], run: run.id },
    },
    {
      title: 'a new access entry',
      kind: 'eks.access-entry',
      id: { ...production, principalArn: RUNNER.replace('runner', 'new') },
      after: { type: 'STANDARD', groups: [], run: run.id },
    },
    {
      title: 'an access entry with the tag of the drill',
      kind: 'eks.access-entry',
      id: { ...production, principalArn: MARKED_PRINCIPAL },
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
      id: { project, branch: 'main', base: 'main', path: `${folder}/new.yaml` },
      after: { content: 'new' },
    },
    {
      title: 'a file of the primary on the branch of the drill',
      kind: 'gitlab.file',
      id: { project, branch: ownBranch, base: 'main', path: 'clusters/shop-prod/README.md' },
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
      id: { ...request, source: ownBranch, head: 'own-commits' },
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
      after: { metadata: { labels: { 'eks-dr/run': run.id } } },
    },
    {
      title: 'an object with the label of the drill',
      kind: 'kubernetes.object',
      id: { ...production, ...settings, namespace: 'default', name: 'marked' },
      after: null,
    },
    {
      title: 'the way into Vault of the primary',
      kind: 'vault.kubernetes-auth',
      id: { mount: PRIMARY_MOUNT },
      after: { run: run.id, host: 'https://drill.example.com', ca: '', reviewer: { ref: null, mac: '' } },
    },
    { title: 'the end of the way into Vault', kind: 'vault.kubernetes-auth', id: { mount: PRIMARY_MOUNT }, after: null },
    {
      title: 'a role of the primary in Vault',
      kind: 'vault.kubernetes-role',
      id: { mount: PRIMARY_MOUNT, role: 'cart-api' },
      after: { bound_service_account_names: ['*'], bound_service_account_namespaces: ['*'] },
    },
    { title: 'the end of a role in Vault', kind: 'vault.kubernetes-role', id: { mount: PRIMARY_MOUNT, role: 'cart-api' }, after: null },
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
    {
      title: 'the end of a record in the production zone',
      kind: 'route53.record',
      id: { ...record, name: `cart.${PRODUCTION_ZONE.name}` },
      after: null,
    },
    {
      title: 'a health check of production',
      kind: 'route53.health-check',
      id: { healthCheck: PRODUCTION_CHECK },
      after: { fqdn: 'new.elb.example.com' },
    },
    {
      title: 'the state of another stack',
      kind: 'terraform.stack',
      id: stack,
      after: { variables: stackVariables(estate, run), resources: [], outputs: [] } as Json,
    },
    {
      title: 'a taint in another state',
      kind: 'terraform.taint',
      id: { ...stack, address: 'aws_eks_cluster.this' },
      after: { tainted: false },
    },
    {
      title: 'the lock of another state',
      kind: 'terraform.lock',
      id: { ...stack, lock: LOCK.ID },
      after: null,
      locked: true,
    },
  ];
}

/** The attack as a change, from what is really there now. */
export async function changeOf({ kind, id: named, after }: Attack, clients: Clients, driver: Driver<Clients>): Promise<Change> {
  const id = await realId(named, clients);
  const [look] = await driver.look(clients, [{ kind, id, before: null, after }]);
  return { kind, id, before: look?.now ?? null, after };
}

async function realId(named: ResourceId, clients: Clients): Promise<ResourceId> {
  if (named.after === LAST_SYNC) return { ...named, after: await lastSync(clients, named.application ?? '') };
  if (named.healthCheck === PRODUCTION_CHECK) return { healthCheck: await productionCheck(clients) };
  return named;
}

/** The first that is not tagged for drills. */
async function productionCheck(clients: Pick<Clients, 'route53'>): Promise<string> {
  const route53 = await clients.route53();
  for (const { Id = '' } of (await route53.listHealthChecks({})).HealthChecks ?? []) {
    const { ResourceTagSet } = await route53.listTagsForResource({ ResourceType: 'healthcheck', ResourceId: Id });
    if (ResourceTagSet?.Tags?.length === 0) return Id;
  }
  throw new Error('production has no health check');
}

async function lastSync(clients: Pick<Clients, 'argocd'>, name: string): Promise<string> {
  const [application] = await (await clients.argocd()).listApplications({ name });
  return application?.status?.operationState?.finishedAt ?? '';
}
