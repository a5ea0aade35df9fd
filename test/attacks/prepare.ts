import { S3 } from '@aws-sdk/client-s3';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import type { Sandbox } from '../../sandbox/system.ts';
import { PRIMARY_CLUSTER, PRIMARY_REGION } from '../../sandbox/worlds/names.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { backendOf } from '../../steps/clients/terraform-stack-ref.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import type { Run } from '../../steps/kit/run.ts';
import { LOCK, MARKED_PRINCIPAL, ownBranchOf } from './attacks.ts';
import { CONTROLLER_THINGS, PRODUCTION_ISSUER, PRODUCTION_POLICY } from './aws-attacks.ts';
import { putControllerThings } from './controller-things.ts';

const GUARDRAILS = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'organizations:*', Resource: '*' }] };

/** Puts the marks of a drill on objects of production, and opens merge requests that would change production. */
export async function prepareProduction(
  sandbox: Sandbox,
  clients: Pick<Clients, 'gitlab' | 'iam'>,
  estate: Estate,
  run: Run,
): Promise<void> {
  const entry = sandbox.world.eks.clusters[`${PRIMARY_REGION}/${PRIMARY_CLUSTER}`]?.accessEntries[MARKED_PRINCIPAL];
  if (entry === undefined) throw new Error('the world has no such access entry');
  entry.tags = { 'eks-dr:run': run.id, 'eks-dr:scope': 'drill' };
  markControllerThings(sandbox, run);
  const iam = await clients.iam();
  await iam.createPolicy({ PolicyName: PRODUCTION_POLICY, PolicyDocument: JSON.stringify(GUARDRAILS) });
  await iam.createOpenIDConnectProvider({ Url: `https://${PRODUCTION_ISSUER}`, ClientIDList: ['sts.amazonaws.com'] });
  // Vault would hold: it is the guard that shall, whatever the credentials may do.
  sandbox.world.vault.policies['eks-dr-runner'] = 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }\n';
  const at = { region: PRIMARY_REGION, cluster: PRIMARY_CLUSTER };
  const metadata = { name: 'marked', namespace: 'default', labels: { 'eks-dr/run': run.id } };
  applyManifest(sandbox, at, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } }, 'eks-dr');
  applyManifest(sandbox, at, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: {} }, 'eks-dr');
  const pod = { restartPolicy: 'Never', containers: [{ name: 'export', image: 'example.com/export:1' }] };
  const jobTemplate = { spec: { template: { metadata: { labels: { app: 'export' } }, spec: pod } } };
  applyManifest(sandbox, at, { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { schedule: '0 3 * * *', jobTemplate } }, 'eks-dr');
  const gitlab = await clients.gitlab();
  const { project } = estate.gitlab;
  for (const source of ['feature', ownBranchOf(run)]) {
    await gitlab.createBranch(project, source, 'main');
    const action = { action: 'create', path: `clusters/shop-prod/by-${source.replace('/', '-')}.yaml`, content: 'a: b\n' } as const;
    await gitlab.commit(project, source, `Add a file\n\nEKS-DR-Run: ${run.id}`, [action]);
    await gitlab.createMergeRequest(project, source, 'main', { title: 'Add a file', description: '', reviewerIds: [] });
  }
}

/** What the controllers of the primary made; somebody wrote the name of the drill's cluster on it, too. */
function markControllerThings({ world }: Sandbox, { id }: Pick<Run, 'id'>): void {
  putControllerThings(world, PRIMARY_REGION, CONTROLLER_THINGS, {
    'elbv2.k8s.aws/cluster': `shop-${id}`,
    [`kubernetes.io/cluster/${PRIMARY_CLUSTER}`]: 'owned',
  });
}

/** Somebody takes the lock of the state that this run's backend names. Call the answer when they let go. */
export async function lockState(estate: Estate, run: Run): Promise<() => Promise<void>> {
  const { bucket = '', key = '', region = '' } = backendOf(estate, run);
  const s3 = new S3({ region });
  const object = { Bucket: bucket, Key: `${key}.tflock` };
  await s3.putObject({ ...object, Body: JSON.stringify(LOCK) });
  return async () => {
    await s3.deleteObject(object);
  };
}
